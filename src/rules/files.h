/* The texts of one set of rules, by name: "codes.json", "calendars/2026.json", "templates/determination.json",
 * "templates/seal.png". They are bytes here; rules.h and src/print/template.h say what they mean. */
#pragma once

#include <glib.h>

typedef struct {
    char *name;
    GBytes *bytes;
} KcRuleFile;

typedef struct KcRuleFiles KcRuleFiles;

typedef enum {
    KC_RULE_FILE_UNKNOWN,  /* no set has a file of that name */
    KC_RULE_FILE_RULES,    /* one of a fixed list, all of which every set has */
    KC_RULE_FILE_CALENDAR, /* one for each year, at least one */
    KC_RULE_FILE_TEMPLATE, /* of documents; a set without one has the one built in */
    KC_RULE_FILE_IMAGE,    /* that a template names */
    KC_RULE_FILE_KINDS
} KcRuleFileKind;

KcRuleFileKind kc_rule_file_kind(const char *name);
/* "rules", "calendar", "template", "image" */
const char *kc_rule_file_kind_to_string(KcRuleFileKind kind);
/* How large a file of that kind may be. */
gsize kc_rule_file_max_bytes(KcRuleFileKind kind);

KcRuleFiles *kc_rule_files_new(void);
KcRuleFiles *kc_rule_files_copy(const KcRuleFiles *files); /* shares the bytes */
void kc_rule_files_free(KcRuleFiles *files);

/* `bytes` NULL takes the file out. */
void kc_rule_files_set(KcRuleFiles *files, const char *name, GBytes *bytes);
/* Borrowed; NULL: there is none. */
GBytes *kc_rule_files_get(const KcRuleFiles *files, const char *name);
/* By name, the same order for the same set. */
guint kc_rule_files_count(const KcRuleFiles *files);
const KcRuleFile *kc_rule_files_at(const KcRuleFiles *files, guint index);
gboolean kc_rule_files_equal(const KcRuleFiles *a, const KcRuleFiles *b);

/* Rules and calendars of a folder; NULL: those built into the program. Reads them, and says nothing of what stands in
 * them. KC_RULES_ERROR_READ. */
KcRuleFiles *kc_rule_files_read(const char *dir, GError **error);
/* Rules that the set has not, from those built in: a set that was kept by an older program lacks what is newer. */
void kc_rule_files_complete(KcRuleFiles *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRuleFiles, kc_rule_files_free)
