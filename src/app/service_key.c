#include "src/app/service_key.h"
#include "src/app/internal.h"
#include "src/app/public_log.h"

#include <string.h>

#define CONTEXT "kcbundle"
#define TITLE "kuaichu service key v1"

static char *
text_of(const char *log_name, const char *service_pub, GError **error)
{
    g_autofree char *line = kc_minisig_public_line(service_pub, error);
    return line != NULL ? g_strdup_printf(TITLE "\n%s\n%s\n", log_name, line) : NULL;
}

static char *
vouch(const KcNoteSigner *log_signer, const char *service_pub)
{
    g_autofree char *text = text_of(kc_note_signer_name(log_signer), service_pub, NULL);
    g_assert(text != NULL);
    g_autofree char *line = kc_note_sign(log_signer, text, 0);
    return g_strconcat(text, "\n", line, NULL);
}

gboolean
kc_app_open_service_key(KcApp *app, KcServiceKey *ret_key, KcResult *result)
{
    guint8 seed[KC_NOTE_SEED_LEN];
    if (app->log_signer == NULL)
        return kc_refuse(result, KC_RESULT_NOT_FOUND, "no-key", "This process signs nothing.");
    kc_note_signer_derive(app->log_signer, CONTEXT, seed);
    ret_key->signer = kc_minisigner_new(seed);
    kc_key_wipe(seed, sizeof seed);
    ret_key->public = kc_minisigner_public(ret_key->signer);
    ret_key->note = vouch(app->log_signer, ret_key->public);
    return TRUE;
}

void
kc_service_key_clear(KcServiceKey *key)
{
    g_clear_pointer(&key->signer, kc_minisigner_free);
    g_clear_pointer(&key->public, g_free);
    g_clear_pointer(&key->note, g_free);
}

gboolean
kc_service_key_is_vouched(const char *note, const KcNoteVerifier *verifier, const char *service_pub, GError **error)
{
    g_autofree char *wanted = text_of(kc_note_verifier_name(verifier), service_pub, error);
    g_autofree char *text = wanted != NULL ? kc_note_open(note, verifier, NULL, error) : NULL;
    if (text == NULL)
        return FALSE;
    if (strcmp(text, wanted) == 0)
        return TRUE;
    g_set_error_literal(error, KC_NOTE_ERROR, KC_NOTE_ERROR_UNSIGNED, "the log's key vouches for another service key");
    return FALSE;
}

gboolean
kc_app_get_service_key(KcApp *app, char **ret_public, KcResult *result, GError **error G_GNUC_UNUSED)
{
    g_auto(KcServiceKey) key = {NULL};
    if (!kc_app_open_service_key(app, &key, result))
        return FALSE;
    *ret_public = g_steal_pointer(&key.public);
    return TRUE;
}
