/* Invariant: the manifest says of an object's file what was read of it just now, and of its original what the log says;
 * where both are not one, the object is damaged, and that is said. */
#include "src/app/bundle_draft.h"

#include "src/app/codec_private.h"
#include "src/app/picture_privacy.h"
#include "src/evidence/digest.h"

#include <string.h>

/* ---- Who and when ---- */

static json_t *
maker_of(const KcBundleDraft *draft, const KcObject *object)
{
    const char *id = object->party_id != NULL  ? object->party_id
                     : object->user_id != NULL ? object->user_id
                                               : object->guest_id;
    const char *kind = object->party_id != NULL   ? "party"
                       : object->user_id != NULL  ? "user"
                       : object->guest_id != NULL ? "guest"
                                                  : "system";
    const char *label = kc_bundle_label(draft, object->party_id);
    const char *name = id != NULL ? g_hash_table_lookup(draft->names, id) : NULL;
    return json_pack("{s:s, s:o, s:o, s:o}", "kind", kind, "id", kc_codec_text_or_null(id), "label",
                     kc_codec_text_or_null(label), "name", kc_codec_text_or_null(name));
}

static json_t *
gaps_of(const KcRecording *recording)
{
    json_t *gaps = json_array();
    g_autoptr(json_t) root = json_loads(recording->gaps_json, 0, NULL);
    const json_t *gap;
    size_t i;
    json_array_foreach(root, i, gap)
        json_array_append_new(gaps, json_pack("{s:I, s:I}", "from_ms", json_integer_value(json_array_get(gap, 0)),
                                              "to_ms", json_integer_value(json_array_get(gap, 1))));
    return gaps;
}

static json_t *
recording_of(const KcRecording *recording)
{
    return json_pack("{s:I, s:o, s:o, s:I, s:b, s:b, s:I, s:I, s:o}", "segment", (json_int_t)recording->segment,
                     "started_at", kc_codec_time_or_null(recording->started_us), "ended_at",
                     kc_codec_time_or_null(recording->ended_us), "duration_ms", (json_int_t)recording->duration_ms,
                     "has_audio", recording->has_audio, "has_video", recording->has_video, "width",
                     (json_int_t)recording->width, "height", (json_int_t)recording->height, "gaps", gaps_of(recording));
}

static gboolean
is_picture(const KcObject *object)
{
    return strcmp(object->kind, "still") == 0 || strcmp(object->kind, "photo") == 0 ||
           strcmp(object->kind, "live_still") == 0;
}

static json_t *
picture_of(const KcObject *object)
{
    g_autoptr(KcStillView) view = kc_app_still_view(object);
    return json_pack("{s:o, s:o, s:o, s:I, s:I}", "shot", kc_codec_text_or_null(view->shot), "taken_at",
                     kc_codec_time_or_null(view->taken_us), "media_time_ms",
                     view->media_time_ms >= 0 ? json_integer(view->media_time_ms) : json_null(), "width",
                     (json_int_t)view->width, "height", (json_int_t)view->height);
}

/* Made by this service out of others, each as it is sealed; it proves nothing that those do not. */
static void
set_sources(json_t *root, const KcObject *object)
{
    g_autoptr(json_t) meta = kc_json_parse(object->meta_json);
    json_t *sources = json_object_get(meta, "made_from");
    json_object_set_new(root, "duration_ms", json_integer(json_integer_value(json_object_get(meta, "duration_ms"))));
    json_object_set_new(root, "made_from", sources != NULL ? json_incref(sources) : json_array());
}

static json_t *
describe(const KcBundleDraft *draft, const KcObject *object)
{
    json_t *root = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", object->id, "kind", object->kind, "status",
                             object->status, "content_type", kc_codec_text_or_null(object->content_type), "made_at",
                             kc_codec_time_or_null(object->created_us), "finished_at",
                             kc_codec_time_or_null(object->finished_us), "by", maker_of(draft, object));
    const KcRecording *recording = g_hash_table_lookup(draft->recordings, object->id);
    const KcDocumentRow *document = kc_bundle_document_of(draft, object->id);
    if (recording != NULL)
        json_object_set_new(root, "recording", recording_of(recording));
    if (is_picture(object))
        json_object_set_new(root, "picture", picture_of(object));
    if (strcmp(object->kind, "derivative") == 0)
        set_sources(root, object);
    if (document != NULL)
        json_object_set_new(root, "document_id", json_string(document->id));
    return root;
}

/* ---- Their files ---- */

static char *
name_of(KcBundleDraft *draft, const KcObject *object)
{
    static const char *const folders[][2] = {
        {"recording", "recordings"}, {"still", "stills"},         {"photo", "photos"},
        {"live_still", "live"},      {"signature", "signatures"}, {"document", "documents"},
        {"derivative", "derivatives"},
    };
    const KcDocumentRow *document = kc_bundle_document_of(draft, object->id);
    if (document != NULL)
        return g_strdup_printf("documents/%s.pdf", document->number);
    const char *folder = "other";
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
        if (strcmp(object->kind, folders[i][0]) == 0)
            folder = folders[i][1];
    const char *label = kc_bundle_label(draft, object->party_id);
    if (label == NULL && strcmp(object->kind, "recording") == 0)
        label = object->user_id != NULL ? "officer" : "guest";
    return kc_bundle_next_name(draft, folder, label, object->content_type);
}

static void
set_file(json_t *root, const char *name, const char *sha256, gint64 bytes)
{
    json_object_set_new(root, "file", kc_codec_text_or_null(name));
    json_object_set_new(root, "sha256", kc_codec_text_or_null(sha256));
    json_object_set_new(root, "bytes", name != NULL ? json_integer(bytes) : json_null());
}

/* What the log names. */
static void
set_sealed(json_t *root, const KcObject *object, const KcObjectCheck *check)
{
    json_t *sealed = json_pack("{s:o, s:I}", "sha256", kc_codec_text_or_null(object->sha256), "bytes",
                               (json_int_t)object->size_bytes);
    if (check != NULL && check->sealed_head != NULL && check->damage == NULL) {
        gsize size;
        const guint8 *data = g_bytes_get_data(check->sealed_head, &size);
        g_autofree char *base64 = g_base64_encode(data, size);
        json_object_set_new(sealed, "head", json_string(base64));
        json_object_set_new(sealed, "replaces_bytes", json_integer(check->head_bytes));
    }
    json_object_set_new(root, "sealed", sealed);
}

static void
set_damage(KcBundleDraft *draft, json_t *root, const KcObject *object, const char *detail, const char *name,
           gint64 readable_bytes)
{
    json_object_set_new(root, "damage",
                        json_pack("{s:s, s:I}", "detail", detail, "readable_bytes", (json_int_t)readable_bytes));
    kc_bundle_add_problem(draft, "%s %s%s%s: %s", object->kind, object->id, name != NULL ? " = " : "",
                          name != NULL ? name : "", detail);
}

static void
add_part(KcBundleDraft *draft, const KcSealed *sealed, const char *name, const KcObjectCheck *check)
{
    KcBundlePart *part = g_new0(KcBundlePart, 1);
    *part = (KcBundlePart){.app = draft->app,
                           .name = g_strdup(name),
                           .sealed = sealed,
                           .sha256 = g_strdup(check->file_sha256),
                           .size = check->file_bytes,
                           .at_us = sealed->object->created_us};
    g_ptr_array_add(draft->parts, part);
}

/* Another's picture without where and by which telephone it was taken. */
static gboolean
add_without_metadata(KcBundleDraft *draft, const KcSealed *sealed, KcObjectReader *reader, json_t *root, GError **error)
{
    gsize size = (gsize)kc_object_reader_size(reader);
    g_autofree guint8 *data = g_malloc(size);
    if (!kc_object_reader_read(reader, 0, data, size, error))
        return FALSE;
    g_autoptr(GBytes) bytes = kc_picture_without_metadata(data, size);
    gsize left = bytes != NULL ? g_bytes_get_size(bytes) : 0;
    g_autofree char *sha256 = bytes != NULL ? kc_sha256_hex(g_bytes_get_data(bytes, NULL), left) : NULL;
    g_autofree char *name = bytes != NULL ? name_of(draft, sealed->object) : NULL;
    set_file(root, name, sha256, (gint64)left);
    json_object_set_new(root, "derived_from",
                        json_pack("{s:s, s:o, s:s}", "object_id", sealed->object->id, "sha256",
                                  kc_codec_text_or_null(sealed->object->sha256), "redaction",
                                  bytes != NULL ? "metadata_removed" : "left_out"));
    if (bytes != NULL)
        kc_bundle_add_bytes(draft, name, g_steal_pointer(&bytes), sealed->object->created_us);
    return TRUE;
}

static gboolean
needs_redaction(const KcBundleDraft *draft, const KcObject *object)
{
    return draft->excerpt && is_picture(object) && g_strcmp0(object->party_id, draft->who->party_id) != 0;
}

/* Of a recording the part before the damage plays; of a picture it is nothing. */
static void
add_damaged(KcBundleDraft *draft, const KcSealed *sealed, json_t *root, const KcObjectCheck *check)
{
    gboolean plays = kc_object_is_webm(sealed->object) && check->file_bytes > check->head_bytes;
    g_autofree char *name = plays && !draft->excerpt ? name_of(draft, sealed->object) : NULL;
    set_file(root, name, check->file_sha256, check->file_bytes);
    set_damage(draft, root, sealed->object, check->damage, name, name != NULL ? check->file_bytes : 0);
    if (name != NULL)
        add_part(draft, sealed, name, check);
}

static gboolean
add_file(KcBundleDraft *draft, const KcSealed *sealed, KcObjectReader *reader, json_t *root, GError **error)
{
    g_auto(KcObjectCheck) check = {0};
    kc_object_reader_check(reader, &check);
    set_sealed(root, sealed->object, &check);
    json_object_set_new(root, "content_type", json_string(kc_object_reader_content_type(reader)));
    if (check.damage != NULL) {
        add_damaged(draft, sealed, root, &check);
        return TRUE;
    }
    if (needs_redaction(draft, sealed->object))
        return add_without_metadata(draft, sealed, reader, root, error);
    g_autofree char *name = name_of(draft, sealed->object);
    set_file(root, name, check.file_sha256, check.file_bytes);
    add_part(draft, sealed, name, &check);
    return TRUE;
}

static gboolean
add_object(KcBundleDraft *draft, const KcSealed *sealed, GError **error)
{
    const KcObject *object = sealed->object;
    g_autoptr(GError) local = NULL;
    g_autoptr(KcObjectReader) reader = NULL;
    json_t *root = describe(draft, object);
    json_array_append_new(draft->objects, root);
    json_object_set_new(root, "damage", json_null());
    if (strcmp(object->status, "live") == 0) { /* still being made */
        set_file(root, NULL, NULL, 0);
        return TRUE;
    }
    reader = kc_object_reader_open(draft->app, object, sealed->key, kc_object_is_webm(object), NULL, &local);
    if (reader != NULL)
        return add_file(draft, sealed, reader, root, error);
    set_sealed(root, object, NULL);
    set_file(root, NULL, NULL, 0);
    set_damage(draft, root, object, local->message, NULL, 0);
    return TRUE;
}

gboolean
kc_bundle_add_objects(KcBundleDraft *draft, GError **error)
{
    for (guint i = 0; i < draft->sealed->len; i++)
        if (!add_object(draft, &g_array_index(draft->sealed, KcSealed, i), error))
            return FALSE;
    return TRUE;
}
