/* Invariant: an object is right if the log named its SHA-256 when it was made, and what lies in the bundle is that
 * original (or of a recording differs from it in its head alone), or says that it is a derivative of it. */
#include "src/app/bundle_check_log.h"

#include "src/app/bundle_files.h"
#include "src/evidence/digest.h"

#include <string.h>

/* ---- What the log says ---- */

static gboolean
holds(const json_t *value, const char *text)
{
    const char *key;
    json_t *member;
    if (json_is_string(value))
        return strcmp(json_string_value(value), text) == 0;
    json_object_foreach((json_t *)value, key, member)
    {
        if (holds(member, text))
            return TRUE;
    }
    return FALSE;
}

/* One entry speaks of that object or document, and names that hash. */
static gboolean
is_in_log(const KcBundleCheck *self, const char *id, const char *sha256)
{
    for (guint i = 0; i < self->entries->len; i++) {
        const json_t *data = json_object_get(self->entries->pdata[i], "data");
        if (holds(data, id) && holds(data, sha256))
            return TRUE;
    }
    return FALSE;
}

/* ---- Objects ---- */

static gboolean
is_null(const json_t *root, const char *name)
{
    const json_t *value = json_object_get(root, name);
    return value == NULL || json_is_null(value);
}

/* The file is the original, but for the head of a recording. */
static void
check_original(KcBundleCheck *self, const json_t *object, const char *id, const char *sealed)
{
    const char *name = kc_bundle_text(object, "file");
    const KcBundleFile *file = name != NULL ? g_hash_table_lookup(self->files, name) : NULL;
    if (name == NULL) {
        kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "object %s: it has no file, and nothing says why", id);
        return;
    }
    if (file == NULL)
        return; /* named among the files */
    const char *found = file->sealed_sha256 != NULL ? file->sealed_sha256 : file->sha256;
    if (g_strcmp0(found, sealed) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "%s: it is not object %s as it was sealed", name, id);
}

static gboolean
is_damaged(const json_t *object)
{
    return !is_null(object, "damage");
}

/* What a derivative says that it was made from was recorded. */
static void
check_sources(KcBundleCheck *self, const json_t *object)
{
    const json_t *source;
    size_t i;
    json_array_foreach(json_object_get(object, "made_from"), i, source)
    {
        const char *id = kc_bundle_text(source, "object_id"), *sha256 = kc_bundle_text(source, "sha256");
        if (id == NULL || sha256 == NULL || !is_in_log(self, id, sha256))
            kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "%s %s: made from what the log does not name",
                            kc_bundle_text(object, "kind"), kc_bundle_text(object, "id"));
    }
}

static void
check_object(KcBundleCheck *self, const json_t *object)
{
    const char *id = kc_bundle_text(object, "id"), *kind = kc_bundle_text(object, "kind");
    const char *sealed = kc_bundle_text(json_object_get(object, "sealed"), "sha256");
    const json_t *derived = json_object_get(object, "derived_from");
    self->verdict->looked_at[KC_BUNDLE_OBJECTS]++;
    if (id == NULL || kind == NULL)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "the manifest has an object without id or kind");
    else if (sealed == NULL)
        return; /* still being made when it was exported, or absent: which is its damage */
    else if (!is_in_log(self, id, sealed))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "%s %s: the log does not name it with this SHA-256", kind,
                        id);
    else if (derived != NULL && g_strcmp0(kc_bundle_text(derived, "sha256"), sealed) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "%s %s: it is derived from something else", kind, id);
    else if (derived == NULL && !is_damaged(object))
        check_original(self, object, id, sealed);
    check_sources(self, object);
}

static void
check_damage(KcBundleCheck *self, const json_t *object)
{
    const json_t *damage = json_object_get(object, "damage");
    const char *name = kc_bundle_text(object, "file"), *detail = kc_bundle_text(damage, "detail");
    self->verdict->looked_at[KC_BUNDLE_DAMAGE]++;
    if (is_damaged(object))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DAMAGE, "%s %s%s%s: damaged when it was exported: %s",
                        kc_bundle_text(object, "kind"), kc_bundle_text(object, "id"), name != NULL ? " = " : "",
                        name != NULL ? name : "", detail);
}

/* ---- Documents ---- */

static void
check_decision(KcBundleCheck *self, const json_t *document, const json_t *signature)
{
    const char *shown = kc_bundle_text(signature, "document_sha256");
    const char *id = kc_bundle_text(document, "id"), *party = kc_bundle_text(signature, "party_id");
    if (g_strcmp0(shown, kc_bundle_text(document, "text_sha256")) != 0 &&
        g_strcmp0(shown, kc_bundle_text(document, "pdf_sha256")) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DOCUMENTS, "document %s: what party %s decided on is another text",
                        kc_bundle_text(document, "number"), kc_bundle_text(signature, "label"));
    else if (g_strcmp0(kc_bundle_text(self->manifest, "kind"), "whole") == 0 && id != NULL && party != NULL &&
             shown != NULL && !is_in_log(self, party, shown) && !is_in_log(self, id, shown))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DOCUMENTS, "document %s: the log knows no decision of party %s",
                        kc_bundle_text(document, "number"), kc_bundle_text(signature, "label"));
}

static void
check_text(KcBundleCheck *self, const json_t *document, const json_t *listed)
{
    const char *name = kc_bundle_text(listed, "file"), *wanted = kc_bundle_text(document, "text_sha256");
    const json_t *derived = json_object_get(listed, "derived_from");
    const KcBundleFile *file = name != NULL ? g_hash_table_lookup(self->files, name) : NULL;
    if (!json_is_object(derived) && file != NULL && g_str_has_suffix(name, ".txt") &&
        g_strcmp0(file->sha256, wanted) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DOCUMENTS, "%s: it is not the text that was issued", name);
    const char *source = kc_bundle_text(derived, "sha256");
    if (source != NULL && g_strcmp0(source, wanted) != 0 &&
        g_strcmp0(source, kc_bundle_text(document, "pdf_sha256")) != 0)
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DOCUMENTS, "%s: it is derived from another document", name);
}

static void
check_document(KcBundleCheck *self, const json_t *document)
{
    size_t i;
    const json_t *item;
    const char *id = kc_bundle_text(document, "id"), *sha256 = kc_bundle_text(document, "text_sha256");
    self->verdict->looked_at[KC_BUNDLE_DOCUMENTS]++;
    if (id == NULL || sha256 == NULL || !is_in_log(self, id, sha256))
        kc_bundle_wrong(self->verdict, KC_BUNDLE_DOCUMENTS, "document %s: the log does not name it with this SHA-256",
                        kc_bundle_text(document, "number"));
    json_array_foreach(json_object_get(document, "files"), i, item) check_text(self, document, item);
    json_array_foreach(json_object_get(document, "signatures"), i, item) check_decision(self, document, item);
}

/* ---- Messages ---- */

/* The entry names the message and who wrote it; its words are bound by the manifest's signature alone. */
static void
check_message(KcBundleCheck *self, const json_t *message)
{
    const char *id = kc_bundle_text(message, "id"), *from = kc_bundle_text(json_object_get(message, "from"), "id");
    self->verdict->looked_at[KC_BUNDLE_OBJECTS]++;
    for (guint i = 0; id != NULL && i < self->entries->len; i++) {
        const json_t *entry = self->entries->pdata[i];
        if (g_strcmp0(kc_bundle_text(entry, "kind"), "message.sent") == 0 &&
            g_strcmp0(kc_bundle_text(json_object_get(entry, "data"), "message_id"), id) == 0 &&
            g_strcmp0(kc_bundle_text(json_object_get(entry, "actor"), "id"), from) == 0)
            return;
    }
    kc_bundle_wrong(self->verdict, KC_BUNDLE_OBJECTS, "message %s: the log does not name it with who wrote it", id);
}

void
kc_bundle_check_evidence(KcBundleCheck *self)
{
    size_t i;
    const json_t *item;
    json_array_foreach(json_object_get(self->manifest, "objects"), i, item)
    {
        check_object(self, item);
        check_damage(self, item);
    }
    json_array_foreach(json_object_get(self->manifest, "messages"), i, item) check_message(self, item);
    json_array_foreach(json_object_get(self->manifest, "documents"), i, item) check_document(self, item);
}
