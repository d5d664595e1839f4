/* Who somebody is, in a line under a picture. */
#include "src/app/compose_queue.h"

#include <string.h>

#include "src/domain/document_text.h"
#include "src/store/guest_store.h"

static char *
label_user(const KcUser *user)
{
    static const char *const roles[][2] = {
        {"officer", "民警"}, {"supervisor", "值班长"}, {"intake_operator", "接警员"}, {NULL, NULL}};
    const char *role = "";
    for (gsize i = 0; roles[i][0] != NULL; i++)
        if (strcmp(user->role, roles[i][0]) == 0)
            role = roles[i][1];
    return g_strjoin(" ", role, user->name, user->badge_number, NULL);
}

static char *
label_guest(const KcGuest *guest)
{
    static const char *const kinds[][2] = {{"emergency", "急救或消防"},
                                           {"interpreter", "翻译"},
                                           {"insurer", "保险公司"},
                                           {"supervisor", "督导"},
                                           {NULL, NULL}};
    const char *kind = "受邀人";
    for (gsize i = 0; kinds[i][0] != NULL; i++)
        if (strcmp(guest->kind, kinds[i][0]) == 0)
            kind = kinds[i][1];
    return g_strjoin(" ", kind, guest->name, NULL);
}

char *
kc_compose_label(KcTx *tx, const KcObject *object, GError **error)
{
    g_autoptr(KcParty) party = NULL;
    g_autoptr(KcUser) user = NULL;
    g_autoptr(KcGuest) guest = NULL;
    if (object->party_id != NULL && !kc_party_store_get(tx, object->party_id, &party, error))
        return NULL;
    if (object->user_id != NULL && !kc_user_store_get(tx, object->user_id, &user, error))
        return NULL;
    if (object->guest_id != NULL && !kc_guest_store_get(tx, object->guest_id, &guest, error))
        return NULL;
    if (party != NULL) {
        g_autofree char *label = g_strdup_printf("%s方", kc_party_label_zh(party->label));
        return g_strjoin(" ", label, party->name, NULL);
    }
    return user != NULL ? label_user(user) : guest != NULL ? label_guest(guest) : g_strdup("");
}
