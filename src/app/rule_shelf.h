/* The versions of the rules that are in memory. Included by src/app alone.
 *
 * A version is put on the shelf once, parsed and checked, and stays there until the service ends: few are made, cases refer
 * to them for years, and whoever is given one may keep the pointer. All functions are thread-safe. */
#pragma once

#include "src/print/template.h"
#include "src/rules/rules.h"

typedef struct {
    gint64 number;
    KcRules *rules;
    KcTemplate *determination, *agreement; /* NULL: documents are text only */
} KcRuleSet;

/* From when on a version is in force. */
typedef struct {
    gint64 number, from_us;
} KcRuleTime;

typedef struct KcRuleShelf KcRuleShelf;

KcRuleShelf *kc_rule_shelf_new(gboolean demo, gboolean text_only);
void kc_rule_shelf_free(KcRuleShelf *shelf);

/* Reads the texts; nothing happens if the version is there. FALSE with KC_RULES_ERROR: it is not right. */
gboolean kc_rule_shelf_put(KcRuleShelf *shelf, gint64 number, const KcRuleFiles *files, GError **error);
/* of KcRuleTime, by number; each of them was put. */
void kc_rule_shelf_set_times(KcRuleShelf *shelf, const GArray *times);

gboolean kc_rule_shelf_is_empty(KcRuleShelf *shelf);
/* NULL: it is not on the shelf. */
const KcRuleSet *kc_rule_shelf_get(KcRuleShelf *shelf, gint64 number);
/* The newest whose time has come. */
const KcRuleSet *kc_rule_shelf_in_force(KcRuleShelf *shelf, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcRuleShelf, kc_rule_shelf_free)
