/* A photo from the party's phone, or from an officer: sealed as it came. */
#include "src/app/image.h"
#include "src/app/internal.h"
#include "src/app/objects.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    const KcNewPhoto *photo;
    KcObject *object;
    KcLeg *leg; /* of a live one */
    KcStillView *view;
    KcResult *result;
} AddPhoto;

static gboolean
check_image(GBytes *bytes, gboolean live, KcImage *ret_image, KcResult *result)
{
    gsize len;
    const guint8 *data = g_bytes_get_data(bytes, &len);
    if (live && len > KC_LIMIT_LIVE_STILL_BYTES)
        return kc_refuse(result, KC_RESULT_TOO_LARGE, "still-too-large", "A live still may have 128 KiB.");
    if (len > KC_LIMIT_PHOTO_BYTES)
        return kc_refuse(result, KC_RESULT_TOO_LARGE, "photo-too-large", "A photo may have 20 MiB.");
    *ret_image = kc_image_sniff(data, len);
    if (ret_image->kind == KC_IMAGE_HEIC)
        return kc_refuse(result, KC_RESULT_UNSUPPORTED, "heic",
                         "HEIC pictures can't be shown everywhere; send the photo as JPEG.");
    if (kc_image_content_type(ret_image->kind) == NULL)
        return kc_refuse(result, KC_RESULT_UNSUPPORTED, "not-a-picture", "This is no JPEG, PNG or WebP picture.");
    if (ret_image->width == 0 || ret_image->height == 0)
        return kc_refuse(result, KC_RESULT_INVALID, "picture-damaged", "The picture is damaged or cut short.");
    if ((guint64)ret_image->width * ret_image->height > KC_LIMIT_PHOTO_PIXELS)
        return kc_refuse(result, KC_RESULT_TOO_LARGE, "too-many-pixels", "A photo may have 64 megapixels.");
    return TRUE;
}

static gboolean
check_photo(KcTx *tx, gpointer data, GError **error)
{
    AddPhoto *self = data;
    const KcNewPhoto *photo = self->photo;
    g_autoptr(KcCaseRow) row = NULL;
    g_autoptr(json_t) earlier = NULL;
    g_autoptr(KcObject) object = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ADD_PHOTO, self->case_id, &row, self->result, error) ||
        !kc_app_idempotency_find(tx, self->who, photo->idempotency, &earlier, self->result, error))
        return FALSE;
    if (earlier == NULL && photo->shot != NULL &&
        kc_rules_shot(kc_app_rules_of(self->app, row), photo->shot, NULL) == NULL)
        return kc_refuse_field(self->result, "/shot", "没有这个拍摄项 / no such shot");
    if (earlier == NULL && photo->live)
        return kc_app_check_live_still(self->app, tx, self->who, row, &self->leg, self->result, error);
    if (earlier == NULL && photo->request_id != NULL &&
        !kc_app_photo_request_is_open(self->app, self->case_id, photo->request_id, self->who->party_id))
        return kc_refuse(self->result, KC_RESULT_NOT_FOUND, "request-unknown", "There is no such open request.");
    if (earlier == NULL)
        return kc_app_apply(row, KC_CASE_FIX_EVIDENCE, NULL, 0, self->result);
    if (!kc_object_store_get(tx, json_string_value(json_object_get(earlier, "still_id")), &object, error))
        return FALSE;
    self->view = object != NULL ? kc_app_still_view(object) : NULL;
    return TRUE;
}

static gboolean
commit_photo(KcTx *tx, gpointer data, GError **error)
{
    AddPhoto *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    gint64 now = kc_app_now(self->app);
    if (!kc_app_load_case(tx, self->who, KC_ACTION_ADD_PHOTO, self->case_id, &row, self->result, error))
        return FALSE;
    return (self->photo->live ? kc_app_commit_live_still(tx, self->who, row, self->object, now, error)
                              : kc_app_commit_still(tx, self->who, row, self->object, now, self->result, error)) &&
           kc_app_idempotency_keep(tx, self->who, self->photo->idempotency, now,
                                   json_pack("{s:s}", "still_id", self->object->id), error);
}

static gboolean
seal_photo(AddPhoto *self, GError **error)
{
    const KcNewPhoto *photo = self->photo;
    KcImage image = {0};
    if (!check_image(photo->image, photo->live, &image, self->result))
        return FALSE;
    json_t *meta = json_pack("{s:I, s:I}", "width", (json_int_t)image.width, "height", (json_int_t)image.height);
    if (photo->shot != NULL)
        json_object_set_new(meta, "shot", json_string(photo->shot));
    if (photo->request_id != NULL)
        json_object_set_new(meta, "request_id", json_string(photo->request_id));
    if (photo->live)
        json_object_set_new(meta, "taken_us", json_integer(kc_app_now(self->app) - MAX(photo->age_us, 0)));
    KcSealRequest request = {
        self->case_id,      photo->live ? "live_still" : "photo",     self->who->party_id,
        self->who->user_id, kc_image_content_type(image.kind), meta};
    return kc_app_seal_object(self->app, &request, photo->image, &self->object, self->result, error);
}

static gboolean
add_photo(AddPhoto *self, GError **error)
{
    if (!kc_app_read(self->app, check_photo, self, self->result, error))
        return FALSE;
    if (self->view != NULL)
        return TRUE;
    if (!seal_photo(self, error))
        return FALSE;
    if (!kc_app_write(self->app, commit_photo, self, self->result, error)) {
        kc_app_drop_object(self->app, self->object);
        return FALSE;
    }
    self->view = kc_app_still_view(self->object);
    if (self->leg != NULL)
        kc_call_table_set_still(self->app->calls, self->leg->leg_id, kc_still_view_copy(self->view));
    if (self->photo->request_id != NULL)
        kc_app_photo_request_arrived(self->app, self->case_id, self->photo->request_id, self->who->party_id,
                                     self->object->id);
    return TRUE;
}

gboolean
kc_app_add_photo(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewPhoto *photo,
                 KcStillView **ret_still, KcResult *result, GError **error)
{
    AddPhoto self = {.app = app, .who = who, .case_id = case_id, .photo = photo, .result = result};
    gboolean done = add_photo(&self, error);
    kc_object_free(self.object);
    kc_leg_free(self.leg);
    if (!done) {
        kc_still_view_free(self.view);
        return FALSE;
    }
    *ret_still = self.view;
    return TRUE;
}
