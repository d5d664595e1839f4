#include "src/app/photo_requests.h"

#include "src/app/internal.h"

#include <string.h>

#define KC_PHOTO_REQUESTS_ALL_MAX 4096

void
kc_photo_request_free(KcPhotoRequest *request)
{
    if (request == NULL)
        return;
    char *const texts[] = {request->id,    request->case_id, request->party_id, request->shot,
                           request->state, request->reason,  request->still_id};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(request);
}

static KcPhotoRequest *
copy(const KcPhotoRequest *from)
{
    KcPhotoRequest *to = g_new(KcPhotoRequest, 1);
    *to = (KcPhotoRequest){g_strdup(from->id),    g_strdup(from->case_id), g_strdup(from->party_id),
                           g_strdup(from->shot),  g_strdup(from->state),   g_strdup(from->reason),
                           g_strdup(from->still_id), from->requested_us};
    return to;
}

/* ---- the table (app->lock) ---- */

/* Takes `request`; the oldest of a case with too many goes. */
static void
keep(KcApp *app, KcPhotoRequest *request)
{
    GPtrArray *all = app->photo_requests;
    guint n = 0, oldest = 0;
    g_mutex_lock(&app->lock);
    for (guint i = all->len; i-- > 0;) {
        if (strcmp(((KcPhotoRequest *)all->pdata[i])->case_id, request->case_id) == 0) {
            n++;
            oldest = i;
        }
    }
    if (n >= KC_PHOTO_REQUESTS_MAX)
        g_ptr_array_remove_index(all, oldest);
    else if (all->len >= KC_PHOTO_REQUESTS_ALL_MAX)
        g_ptr_array_remove_index(all, 0);
    g_ptr_array_add(all, request);
    g_mutex_unlock(&app->lock);
}

/* Lock held. NULL: there is none, or it is another's. */
static KcPhotoRequest *
find(KcApp *app, const char *case_id, const char *request_id, const char *party_id)
{
    for (guint i = 0; i < app->photo_requests->len; i++) {
        KcPhotoRequest *one = app->photo_requests->pdata[i];
        if (strcmp(one->id, request_id) == 0 && strcmp(one->case_id, case_id) == 0 &&
            g_strcmp0(one->party_id, party_id) == 0)
            return one;
    }
    return NULL;
}

static void
settle(KcApp *app, const char *case_id, const char *request_id, const char *party_id, const char *state,
       const char *reason, const char *still_id)
{
    g_mutex_lock(&app->lock);
    KcPhotoRequest *one = find(app, case_id, request_id, party_id);
    if (one != NULL) {
        g_free(one->state);
        g_free(one->reason);
        g_free(one->still_id);
        one->state = g_strdup(state);
        one->reason = g_strdup(reason);
        one->still_id = g_strdup(still_id);
    }
    g_mutex_unlock(&app->lock);
}

gboolean
kc_app_photo_request_is_open(KcApp *app, const char *case_id, const char *request_id, const char *party_id)
{
    g_mutex_lock(&app->lock);
    KcPhotoRequest *one = find(app, case_id, request_id, party_id);
    gboolean open = one != NULL && strcmp(one->state, "arrived") != 0;
    g_mutex_unlock(&app->lock);
    return open;
}

void
kc_app_photo_request_arrived(KcApp *app, const char *case_id, const char *request_id, const char *party_id,
                             const char *still_id)
{
    settle(app, case_id, request_id, party_id, "arrived", NULL, still_id);
}

/* ---- use cases ---- */

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    KcPhotoRequest *request;
    const char *state, *reason;
    KcResult *result;
} Ask;

static gboolean
write_request(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    const KcPhotoRequest *request = self->request;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_SNAPSHOT, self->case_id, &row, self->result, error))
        return FALSE;
    if (request->shot != NULL && kc_rules_shot(kc_app_rules_of(self->app, row), request->shot, NULL) == NULL)
        return kc_refuse_field(self->result, "/shot", "没有这个拍摄项 / no such shot");
    if (!kc_app_apply(row, KC_CASE_FIX_EVIDENCE, NULL, 0, self->result))
        return FALSE;
    g_autoptr(KcLeg) leg = kc_call_table_find_participant(self->app->calls, self->case_id, request->party_id);
    if (leg == NULL)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "not-in-call", "This party is not in the call now.");
    json_t *event = json_pack("{s:s, s:s}", "photo_request_id", request->id, "party_id", request->party_id);
    return kc_app_log(tx, self->who, self->case_id, "photo.requested", request->requested_us, json_incref(event),
                      error)
               ? kc_app_emit(tx, "photo.requested", self->case_id, "case", NULL, request->requested_us, event, error)
               : (json_decref(event), FALSE);
}

gboolean
kc_app_request_photo(KcApp *app, const KcPrincipal *who, const char *case_id, const char *party_id, const char *shot,
                     KcPhotoRequest **ret_request, KcResult *result, GError **error)
{
    g_autoptr(KcPhotoRequest) request = g_new0(KcPhotoRequest, 1);
    request->id = g_strdup(kc_app_new_id(app).text);
    request->case_id = g_strdup(case_id);
    request->party_id = g_strdup(party_id);
    request->shot = g_strdup(shot);
    request->state = g_strdup("pending");
    request->requested_us = kc_app_now(app);
    Ask self = {app, who, case_id, request, NULL, NULL, result};
    /* In the table before the event is out, so that a quick phone finds it. */
    keep(app, copy(request));
    if (!kc_app_write(app, write_request, &self, result, error)) {
        g_mutex_lock(&app->lock);
        g_ptr_array_remove(app->photo_requests, find(app, case_id, request->id, party_id));
        g_mutex_unlock(&app->lock);
        return FALSE;
    }
    *ret_request = g_steal_pointer(&request);
    return TRUE;
}

static gboolean
check_read(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (kc_role_is_guest(self->who->role))
        return kc_refuse(self->result, KC_RESULT_FORBIDDEN, "role", "Guests are not asked for photos.");
    return kc_app_load_case(tx, self->who, KC_ACTION_READ_CALL, self->case_id, &row, self->result, error);
}

gboolean
kc_app_list_photo_requests(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_requests,
                           KcResult *result, GError **error)
{
    Ask self = {app, who, case_id, NULL, NULL, NULL, result};
    if (!kc_app_read(app, check_read, &self, result, error))
        return FALSE;
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)kc_photo_request_free);
    g_mutex_lock(&app->lock);
    for (guint i = 0; i < app->photo_requests->len; i++) {
        const KcPhotoRequest *one = app->photo_requests->pdata[i];
        if (strcmp(one->case_id, case_id) == 0 &&
            (who->role != KC_ROLE_PARTY || strcmp(one->party_id, who->party_id) == 0))
            g_ptr_array_add(list, copy(one));
    }
    g_mutex_unlock(&app->lock);
    *ret_requests = list;
    return TRUE;
}

static gboolean
write_answer(KcTx *tx, gpointer data, GError **error)
{
    Ask *self = data;
    gint64 now = kc_app_now(self->app);
    const char *id = self->request->id;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ADD_PHOTO, self->case_id, &row, self->result, error))
        return FALSE;
    if (!kc_app_photo_request_is_open(self->app, self->case_id, id, self->who->party_id))
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "request-unknown", "There is no such open request.");
    return kc_app_log(tx, self->who, self->case_id, "photo.answered", now,
                      json_pack("{s:s, s:s}", "photo_request_id", id, "state", self->state), error) &&
           kc_app_emit(tx, "photo.answered", self->case_id, "case", NULL, now,
                       json_pack("{s:s, s:s}", "photo_request_id", id, "state", self->state), error);
}

gboolean
kc_app_answer_photo_request(KcApp *app, const KcPrincipal *who, const char *case_id, const char *request_id,
                            const char *state, const char *reason, KcResult *result, GError **error)
{
    KcPhotoRequest request = {.id = (char *)request_id};
    Ask self = {app, who, case_id, &request, state, reason, result};
    if (!kc_app_write(app, write_answer, &self, result, error))
        return FALSE;
    settle(app, case_id, request_id, who->party_id, state, reason, NULL);
    return TRUE;
}
