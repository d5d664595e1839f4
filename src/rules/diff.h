/* What is other in one text of rules than in another, entry by entry, for people. Pure. */
#pragma once

#include "src/base/json.h"

typedef enum { KC_RULE_ADDED, KC_RULE_REMOVED, KC_RULE_CHANGED } KcRuleChangeKind;

typedef struct {
    KcRuleChangeKind kind;
    char *entry;  /* "deadlines › REVIEW_REQUEST › count"; "" for the whole text */
    char *before; /* JSON; NULL: added */
    char *after;  /* NULL: removed */
} KcRuleChange;

/* of KcRuleChange, owned, in the order of the new text. Entries of a list are the same where their code (and, if a code
 * stands there twice, their first day) is the same, wherever they stand; `before` or `after` NULL: there was, or is, no
 * such file. Texts are cut at 600 characters, and the list at KC_LIMIT_RULE_CHANGES. */
GPtrArray *kc_rules_diff(const json_t *before, const json_t *after);

void kc_rule_change_free(KcRuleChange *change);
/* "added", "removed", "changed" */
const char *kc_rule_change_kind_to_string(KcRuleChangeKind kind);
