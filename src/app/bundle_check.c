/* The manifest is read once its bytes are known, whether or not its signature is right: so that everything that is
 * wrong is named, and not the first thing alone.
 *
 * Invariant: what is said of a file is what was read of it here; nothing that the bundle says of itself is taken for a
 * check. */
#include "src/app/bundle_check.h"

#include "src/app/bundle_check_log.h"
#include "src/app/bundle_files.h"
#include "src/app/service_key.h"

#include <string.h>

#define PAGE_DATA "<script type=\"application/json\" id=\"bundle\">"
#define PAGE_DATA_END "</script>"

G_DEFINE_QUARK(kc - bundle - error - quark, kc_bundle_error)

static const char *const names[KC_BUNDLE_CHECKS] = {
    [KC_BUNDLE_SIGNATURE] = "signature", [KC_BUNDLE_KEY] = "key",         [KC_BUNDLE_SUMS] = "sums",
    [KC_BUNDLE_FILES] = "files",         [KC_BUNDLE_PAGE] = "page",       [KC_BUNDLE_CHECKPOINT] = "checkpoint",
    [KC_BUNDLE_ENTRIES] = "entries",     [KC_BUNDLE_OBJECTS] = "objects", [KC_BUNDLE_DOCUMENTS] = "documents",
    [KC_BUNDLE_DAMAGE] = "damage",       [KC_BUNDLE_HELD] = "held",
};

const char *
kc_bundle_check_name(KcBundleCheckKind kind)
{
    g_assert(kind < KC_BUNDLE_CHECKS);
    return names[kind];
}

void
kc_bundle_verdict_clear(KcBundleVerdict *verdict)
{
    for (guint i = 0; i < KC_BUNDLE_CHECKS; i++)
        g_clear_pointer(&verdict->wrong[i], g_ptr_array_unref);
    g_clear_pointer(&verdict->kind, g_free);
    g_clear_pointer(&verdict->number, g_free);
    g_clear_pointer(&verdict->made_at, g_free);
    g_clear_pointer(&verdict->key_id, g_free);
    g_clear_pointer(&verdict->origin, g_free);
}

guint
kc_bundle_verdict_count(const KcBundleVerdict *verdict)
{
    guint count = 0;
    for (guint i = 0; i < KC_BUNDLE_CHECKS; i++)
        count += verdict->wrong[i] != NULL ? verdict->wrong[i]->len : 0;
    return count;
}

void
kc_bundle_wrong(KcBundleVerdict *verdict, KcBundleCheckKind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (verdict->wrong[kind] == NULL)
        verdict->wrong[kind] = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(verdict->wrong[kind], g_strdup_vprintf(format, args));
    va_end(args);
}

const char *
kc_bundle_text(const json_t *root, const char *name)
{
    return json_string_value(json_object_get(root, name));
}

/* ---- The files that are looked into ---- */

/* Borrowed text of a file; "" if it is not there. */
static const char *
text_of(const KcBundleCheck *self, const char *name, gsize *ret_len)
{
    const KcBundleFile *file = g_hash_table_lookup(self->files, name);
    gsize len = 0;
    const char *text = file != NULL && file->text != NULL ? g_bytes_get_data(file->text, &len) : NULL;
    if (ret_len != NULL)
        *ret_len = len;
    return text != NULL ? text : "";
}

/* The same, ending in a NUL. Owned. */
static char *
string_of(const KcBundleCheck *self, const char *name)
{
    gsize len;
    const char *text = text_of(self, name, &len);
    return g_strndup(text, len);
}

static gboolean
read_manifest(KcBundleCheck *self, GError **error)
{
    gsize len;
    const char *text = text_of(self, "manifest.json", &len);
    self->manifest = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    const char *format = kc_bundle_text(self->manifest, "format");
    json_int_t version = json_integer_value(json_object_get(self->manifest, "version"));
    if (g_strcmp0(format, "kuaichu-bundle") != 0 || version != 1) {
        g_set_error_literal(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_OTHER,
                            version > 1 ? "this bundle is of a newer format; a newer kuaichu checks it"
                                        : "there is no manifest.json of a kuaichu bundle in it");
        return FALSE;
    }
    const json_t *case_facts = json_object_get(self->manifest, "case");
    self->verdict->kind = g_strdup(kc_bundle_text(self->manifest, "kind"));
    self->verdict->made_at = g_strdup(kc_bundle_text(self->manifest, "made_at"));
    self->verdict->number = g_strdup(kc_bundle_text(case_facts, "number"));
    return TRUE;
}

/* ---- Signature and key ---- */

static void
check_signature(KcBundleCheck *self)
{
    gsize len;
    g_autoptr(GError) error = NULL;
    const char *manifest = text_of(self, "manifest.json", &len);
    g_autofree char *signature = string_of(self, "manifest.json.minisig"), *public = string_of(self, "service.pub");
    g_autofree char *comment = kc_minisig_check(signature, public, manifest, len, &error);
    self->verdict->looked_at[KC_BUNDLE_SIGNATURE] = 1;
    self->verdict->key_id = kc_minisig_key_id(public, NULL);
    if (comment == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_SIGNATURE, "manifest.json.minisig: %s", error->message);
}

static gboolean
is_same_key(const char *a, const char *b)
{
    g_autofree char *one = kc_minisig_public_line(a, NULL), *other = kc_minisig_public_line(b, NULL);
    return one != NULL && g_strcmp0(one, other) == 0;
}

/* By the key that is trusted; else by any of the log's: each was in force once. */
static gboolean
is_vouched(const KcBundleCheck *self, const char *note, const char *public)
{
    if (note != NULL && self->trusted_log != NULL)
        return kc_service_key_is_vouched(note, self->trusted_log, public, NULL);
    for (guint i = 0; note != NULL && i < self->log_keys->len; i++)
        if (kc_service_key_is_vouched(note, self->log_keys->pdata[i], public, NULL))
            return TRUE;
    return FALSE;
}

static void
check_key(KcBundleCheck *self)
{
    g_autofree char *public = string_of(self, "service.pub");
    const json_t *service = json_object_get(self->manifest, "service");
    const char *listed = kc_bundle_text(service, "public_key");
    self->verdict->looked_at[KC_BUNDLE_KEY] = 1;
    if (listed == NULL || !is_same_key(public, listed))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_KEY, "service.pub is not the key that the manifest names");
    if (!is_vouched(self, kc_bundle_text(service, "vouched_by_log"), public))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_KEY, "no key of the log vouches for service.pub");
    if (self->trusted_service != NULL && !is_same_key(public, self->trusted_service))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_KEY, "service.pub is not the key that was given");
}

/* ---- Files ---- */

static void
check_listed(KcBundleCheck *self, const json_t *listed)
{
    const char *name = kc_bundle_text(listed, "name"), *sha256 = kc_bundle_text(listed, "sha256");
    const KcBundleFile *file = name != NULL ? g_hash_table_lookup(self->files, name) : NULL;
    self->verdict->looked_at[KC_BUNDLE_FILES]++;
    if (file == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_FILES, "%s: it is not there", name != NULL ? name : "a file");
    else if (file->problem != NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_FILES, "%s: %s", name, file->problem);
    else if (g_strcmp0(file->sha256, sha256) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_FILES, "%s: its SHA-256 is %s, not %s", name, file->sha256,
                        sha256 != NULL ? sha256 : "in the manifest");
}

/* Those that can't be listed in the manifest, since they follow from it. */
static gboolean
is_of_the_frame(const char *name)
{
    static const char *const frame[] = {"manifest.json", "manifest.json.minisig", "SHA256SUMS", "verify.html", NULL};
    return g_strv_contains(frame, name);
}

static void
check_files(KcBundleCheck *self)
{
    GHashTableIter iter;
    gpointer name;
    size_t i;
    const json_t *listed;
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    json_array_foreach(json_object_get(self->manifest, "files"), i, listed)
    {
        check_listed(self, listed);
        if (kc_bundle_text(listed, "name") != NULL)
            g_hash_table_add(wanted, (gpointer)kc_bundle_text(listed, "name"));
    }
    g_hash_table_iter_init(&iter, self->files);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (!g_hash_table_contains(wanted, name) && !is_of_the_frame(name))
            kc_bundle_wrong(self->verdict, KC_BUNDLE_FILES, "%s: it is in no list", (const char *)name);
}

static void
check_sum(KcBundleCheck *self, const char *line, GHashTable *summed)
{
    const KcBundleFile *file =
        strlen(line) > 66 && memcmp(line + 64, "  ", 2) == 0 ? g_hash_table_lookup(self->files, line + 66) : NULL;
    self->verdict->looked_at[KC_BUNDLE_SUMS]++;
    if (file == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_SUMS, "SHA256SUMS names what is not there: %s", line);
    else if (file->sha256 == NULL || strncmp(file->sha256, line, 64) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_SUMS, "%s: it is not what SHA256SUMS says", file->name);
    if (file != NULL)
        g_hash_table_add(summed, file->name);
}

static void
check_sums(KcBundleCheck *self)
{
    GHashTableIter iter;
    gpointer name;
    g_autofree char *text = string_of(self, "SHA256SUMS");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) summed = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
        check_sum(self, lines[i], summed);
    g_hash_table_iter_init(&iter, self->files);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (!g_hash_table_contains(summed, name) && strcmp(name, "SHA256SUMS") != 0)
            kc_bundle_wrong(self->verdict, KC_BUNDLE_SUMS, "%s: SHA256SUMS does not name it", (const char *)name);
}

/* ---- verify.html ---- */

static void
check_page_data(KcBundleCheck *self, const char *data, gsize len)
{
    g_autoptr(json_t) root = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
    g_autofree char *manifest = string_of(self, "manifest.json"), *signature = string_of(self, "manifest.json.minisig");
    if (g_strcmp0(kc_bundle_text(root, "manifest"), manifest) != 0 ||
        g_strcmp0(kc_bundle_text(root, "signature"), signature) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_PAGE, "verify.html: it shows another manifest or signature");
}

static void
check_page(KcBundleCheck *self)
{
    gsize len;
    const char *html = text_of(self, "verify.html", &len), *wanted = kc_bundle_text(self->manifest, "page_sha256");
    const char *data = g_strstr_len(html, (gssize)len, PAGE_DATA);
    if (wanted == NULL && len == 0)
        return; /* of a service that was built without pages */
    self->verdict->looked_at[KC_BUNDLE_PAGE] = 1;
    data = data != NULL ? data + strlen(PAGE_DATA) : NULL;
    const char *end = data != NULL ? g_strstr_len(data, (gssize)len - (data - html), PAGE_DATA_END) : NULL;
    if (end == NULL) {
        kc_bundle_wrong(self->verdict, KC_BUNDLE_PAGE, "verify.html: it is not there, or not such a page");
        return;
    }
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)html, data - html);
    g_checksum_update(sum, (const guchar *)end, (gssize)len - (end - html));
    if (g_strcmp0(g_checksum_get_string(sum), wanted) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_PAGE, "verify.html: it is another page than the one that was signed");
    check_page_data(self, data, (gsize)(end - data));
}

/* ---- All of it ---- */

static void
head_free(gpointer data)
{
    KcBundleHead *head = data;
    g_bytes_unref(head->head);
    g_free(head);
}

/* How the originals of recordings begin; the names are borrowed from the manifest. */
static GHashTable *
heads_of(const json_t *manifest)
{
    GHashTable *heads = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, head_free);
    size_t i;
    const json_t *object;
    json_array_foreach(json_object_get(manifest, "objects"), i, object)
    {
        const json_t *sealed = json_object_get(object, "sealed");
        const char *name = kc_bundle_text(object, "file"), *base64 = kc_bundle_text(sealed, "head");
        gsize len;
        if (name == NULL || base64 == NULL)
            continue;
        KcBundleHead *head = g_new0(KcBundleHead, 1);
        guint8 *bytes = g_base64_decode(base64, &len);
        head->head = g_bytes_new_take(bytes, len);
        head->replaces_bytes = json_integer_value(json_object_get(sealed, "replaces_bytes"));
        g_hash_table_insert(heads, (gpointer)name, head);
    }
    return heads;
}

/* A key that is trusted: of the service, or of the log. */
static gboolean
take_trust(KcBundleCheck *self, const KcBundleTrust *trust, GError **error)
{
    if (trust->key == NULL)
        return TRUE;
    g_autofree char *line = g_strstrip(g_strndup(trust->key, strcspn(trust->key, " \n")));
    g_autofree char *service = kc_minisig_public_line(trust->key, NULL);
    self->trusted_log = service == NULL ? kc_note_verifier_new(line, NULL) : NULL;
    self->trusted_service = service != NULL ? trust->key : NULL;
    if (service != NULL || self->trusted_log != NULL)
        return TRUE;
    g_set_error_literal(error, KC_BUNDLE_ERROR, KC_BUNDLE_ERROR_TRUST,
                        "what was given as key is neither a service.pub nor a key of the log (name+id+base64)");
    return FALSE;
}

static gboolean
run(KcBundleCheck *self, const char *path, const KcBundleTrust *trust, GError **error)
{
    self->files = kc_bundle_files_open(path, error);
    if (self->files == NULL || !read_manifest(self, error) || !take_trust(self, trust, error))
        return FALSE;
    g_autoptr(GHashTable) heads = heads_of(self->manifest);
    if (!kc_bundle_files_hash(path, self->files, heads, error))
        return FALSE;
    kc_bundle_check_load_log(self);
    check_signature(self);
    check_key(self);
    check_sums(self);
    check_files(self);
    check_page(self);
    kc_bundle_check_log(self);
    kc_bundle_check_evidence(self);
    return kc_bundle_check_held(self, trust, error);
}

gboolean
kc_bundle_check(const char *path, const KcBundleTrust *trust, KcBundleVerdict *ret_verdict, GError **error)
{
    KcBundleCheck self = {.verdict = ret_verdict};
    *ret_verdict = (KcBundleVerdict){0};
    gboolean done = run(&self, path, trust, error);
    g_clear_pointer(&self.entries, g_ptr_array_unref);
    g_clear_pointer(&self.log_keys, g_ptr_array_unref);
    kc_note_verifier_free(self.trusted_log);
    json_decref(self.manifest);
    g_clear_pointer(&self.files, g_hash_table_unref);
    kc_checkpoint_clear(&self.head);
    return done;
}
