/* In which order a bundle is made:
 *
 *   a checkpoint that covers what has happened ─▶ one read of the store ─▶ every object read and checked ─▶ pages set
 *   ─▶ manifest, signature, README, page ─▶ the entry of the log ─▶ the ZIP, as it is read
 *
 * Invariants
 *
 * 1. Nothing leaves before the export is in the log, with the SHA-256 of its manifest.
 * 2. What is streamed is what was checked: each file is hashed again as it goes, and another hash ends the stream. */
#include "src/app/bundles.h"

#include "src/app/bundle_draft.h"
#include "src/app/public_log.h"
#include "src/app/purpose.h"
#include "src/app/service_key.h"
#include "src/app/zip_stream.h"
#include "src/evidence/digest.h"

#include <string.h>

#define DATA_BEGIN "<script type=\"application/json\" id=\"bundle\">"
#define DATA_END "</script>"

struct KcBundle {
    KcBundleDraft draft;
    char *case_id;
    char *name;
    KcZipStream *zip;
    gint64 size;
    gboolean counted; /* among those under way */
};

/* ---- Files of the vault as they go into the ZIP ---- */

static gpointer
open_part(gpointer data, GError **error)
{
    const KcBundlePart *part = data;
    const KcObject *object = part->sealed->object;
    return kc_object_reader_open(part->app, object, part->sealed->key, kc_object_is_webm(object), NULL, error);
}

static gboolean
read_part(gpointer opened, gint64 offset, guint8 *buffer, gsize len, GError **error)
{
    return kc_object_reader_read(opened, offset, buffer, len, error);
}

static void
close_part(gpointer opened)
{
    kc_object_reader_free(opened);
}

static const KcZipSource vault_source = {open_part, read_part, close_part};

static void
add_part(KcBundle *self, KcBundlePart *part)
{
    if (part->bytes != NULL)
        kc_zip_stream_add_bytes(self->zip, part->name, part->bytes, part->at_us);
    else
        kc_zip_stream_add(self->zip, part->name, &vault_source, part, part->size, part->sha256, part->at_us);
}

static void
add_text(KcBundle *self, const char *name, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    kc_zip_stream_add_bytes(self->zip, name, bytes, self->draft.now_us);
}

/* ---- verify.html: the page with the manifest and its signature in it ---- */

/* The place for the data in the page; NULL: it has none. */
static const char *
find_place(GBytes *page)
{
    gsize size;
    const char *html = page != NULL ? g_bytes_get_data(page, &size) : NULL;
    const char *found = html != NULL ? g_strstr_len(html, (gssize)size, DATA_BEGIN DATA_END) : NULL;
    return found != NULL ? found + strlen(DATA_BEGIN) : NULL;
}

/* JSON that nothing in it can end the script element with. Owned. */
static char *
page_data(const char *manifest, const char *signature, const char *public)
{
    g_autoptr(json_t) root =
        json_pack("{s:s, s:s, s:s}", "manifest", manifest, "signature", signature, "public", public);
    char *text = json_dumps(root, JSON_COMPACT);
    GString *safe = g_string_new(text);
    free(text);
    g_string_replace(safe, "<", "\\u003c", 0);
    return g_string_free(safe, FALSE);
}

static void
add_page(KcBundle *self, GBytes *page, const char *manifest, const char *signature, const char *public)
{
    gsize size;
    const char *place = find_place(page), *html = place != NULL ? g_bytes_get_data(page, &size) : NULL;
    if (place == NULL)
        return;
    g_autofree char *data = page_data(manifest, signature, public);
    g_autoptr(GString) whole = g_string_new_len(html, place - html);
    g_string_append(whole, data);
    g_string_append_len(whole, place, (gssize)size - (place - html));
    add_text(self, "verify.html", whole->str);
}

/* ---- The log ---- */

typedef struct {
    const KcBundleDraft *draft;
    const char *manifest_sha256;
} Entry;

static gboolean
write_entry(KcTx *tx, gpointer data, GError **error)
{
    const Entry *self = data;
    const KcBundleDraft *draft = self->draft;
    json_t *entry = json_pack("{s:s, s:s, s:i}", "kind", draft->excerpt ? "excerpt" : "whole", "manifest_sha256",
                              self->manifest_sha256, "files", (int)draft->parts->len);
    if (draft->who->user_id != NULL && draft->who->address != NULL)
        json_object_set_new(entry, "address", json_string(draft->who->address));
    if (draft->purpose != NULL)
        json_object_set_new(entry, "purpose", json_string(draft->purpose));
    return kc_app_log(tx, draft->who, draft->case_id, "case.exported", draft->now_us, entry, error);
}

/* ---- All of it ---- */

static gboolean
sign_and_log(KcBundle *self, GBytes *page, GError **error)
{
    KcBundleDraft *draft = &self->draft;
    g_auto(KcServiceKey) key = {NULL};
    if (!kc_app_open_service_key(draft->app, &key, draft->result))
        return FALSE;
    g_autofree char *key_id = kc_minisig_key_id(key.public, NULL);
    g_autofree char *readme = kc_bundle_readme(draft, key_id);
    kc_bundle_add_bytes(draft, "README.txt", g_bytes_new(readme, strlen(readme)), draft->now_us);
    kc_bundle_add_bytes(draft, "service.pub", g_bytes_new(key.public, strlen(key.public)), draft->now_us);
    g_autofree char *page_sha256 =
        find_place(page) != NULL ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, page) : NULL;
    g_autofree char *manifest = kc_bundle_manifest(draft, key.public, key.note, page_sha256);
    g_autofree char *sha256 = kc_sha256_hex(manifest, strlen(manifest));
    g_autofree char *made = kc_timestamp_format(draft->now_us);
    g_autofree char *comment = g_strdup_printf("kuaichu bundle %s made %s", self->name, made);
    g_autofree char *signature = kc_minisign(key.signer, manifest, strlen(manifest), comment);
    Entry entry = {draft, sha256};
    if (!kc_app_write(draft->app, write_entry, &entry, draft->result, error))
        return FALSE;
    add_text(self, "manifest.json", manifest);
    add_text(self, "manifest.json.minisig", signature);
    add_page(self, page, manifest, signature, key.public);
    for (guint i = 0; i < draft->parts->len; i++)
        add_part(self, draft->parts->pdata[i]);
    return kc_zip_stream_seal(self->zip, draft->now_us, &self->size, error);
}

static char *
name_of(const KcBundleDraft *draft)
{
    const char *label = kc_bundle_label(draft, draft->who->party_id);
    return g_strjoin("-", draft->view->row->number, draft->excerpt ? label : NULL, NULL);
}

static gboolean
make(KcBundle *self, GBytes *page, GError **error)
{
    KcBundleDraft *draft = &self->draft;
    if (!kc_app_publish_checkpoint_at_once(draft->app, error) || !kc_bundle_draft_load(draft, error) ||
        !kc_bundle_add_documents(draft, error) || !kc_bundle_add_objects(draft, error))
        return FALSE;
    self->name = name_of(draft);
    return sign_and_log(self, page, error);
}

static gboolean
enter(KcBundle *self, KcResult *result)
{
    self->counted = TRUE;
    if (g_atomic_int_add(&self->draft.app->bundles, 1) < KC_LIMIT_BUNDLES_AT_ONCE)
        return TRUE;
    return kc_refuse_retry(result, KC_RESULT_UNAVAILABLE, "busy",
                           "正在导出其他案件，请稍后再试。 / Other cases are being exported; try again shortly.", 10);
}

gboolean
kc_app_make_bundle(KcApp *app, const KcPrincipal *who, const char *case_id, GBytes *page, KcBundle **ret_bundle,
                   KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_EXPORT_BUNDLE, result))
        return FALSE;
    g_autoptr(KcBundle) self = g_new0(KcBundle, 1);
    self->zip = kc_zip_stream_new();
    self->case_id = g_strdup(case_id);
    self->draft = (KcBundleDraft){.app = app,
                                  .who = who,
                                  .case_id = self->case_id,
                                  .now_us = kc_app_now(app),
                                  .excerpt = who->role == KC_ROLE_PARTY,
                                  .result = result};
    gboolean made = kc_app_check_purpose(app, who, case_id, "case.exported", &self->draft.purpose, result, error) &&
                    enter(self, result) && make(self, page, error);
    self->draft.who = NULL; /* both are the caller's */
    self->draft.result = NULL;
    if (!made)
        return FALSE;
    *ret_bundle = g_steal_pointer(&self);
    return TRUE;
}

const char *
kc_bundle_name(const KcBundle *bundle)
{
    return bundle->name;
}

gint64
kc_bundle_size(const KcBundle *bundle)
{
    return bundle->size;
}

gint64
kc_bundle_content_bytes(const KcBundle *bundle)
{
    return kc_zip_stream_content_bytes(bundle->zip);
}

gint64
kc_bundle_read(KcBundle *bundle, guint8 *buffer, gsize len, GError **error)
{
    return kc_zip_stream_read(bundle->zip, buffer, len, error);
}

void
kc_bundle_free(KcBundle *bundle)
{
    if (bundle == NULL)
        return;
    kc_zip_stream_free(bundle->zip);
    if (bundle->counted)
        g_atomic_int_add(&bundle->draft.app->bundles, -1);
    kc_bundle_draft_clear(&bundle->draft);
    g_free(bundle->case_id);
    g_free(bundle->name);
    g_free(bundle);
}
