/* Versions of the rules (schema/rules, calendars, schema/templates): seen, tried out, changed, gone back to.
 *
 * A version is a whole set of texts and is never changed. One is in force at a time; a change makes the next one, from now
 * or from a later day on, and a case keeps the one under which it was opened. Only the newest can be built upon, so that
 * versions come into force in the order of their numbers. */
#pragma once

#include "src/app/app.h"
#include "src/rules/diff.h"
#include "src/store/rule_store.h"

typedef struct {
    KcRuleVersion *version;
    gint64 in_force, newest; /* numbers; `newest` may be one whose time hasn't come */
    GPtrArray *files;        /* of KcRuleVersionFile */
} KcRulesView;

void kc_rules_view_clear(KcRulesView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcRulesView, kc_rules_view_clear)

/* `number` 0: the newest. */
gboolean kc_app_get_rules(KcApp *app, const KcPrincipal *who, gint64 number, KcRulesView *ret_view, KcResult *result,
                          GError **error);
/* of KcRuleVersion, the newest first, `limit` of those below `below` (0: all) */
gboolean kc_app_list_rule_versions(KcApp *app, const KcPrincipal *who, gint64 below, guint limit,
                                   GPtrArray **ret_versions, KcResult *result, GError **error);
/* Owned. */
gboolean kc_app_get_rule_text(KcApp *app, const KcPrincipal *who, gint64 number, const char *name, GBytes **ret_text,
                              KcResult *result, GError **error);

/* One file of a proposal; `text` NULL takes it out. */
typedef struct {
    const char *name, *text;
} KcRuleEdit;

typedef struct {
    const KcRuleEdit *edits; /* upon the newest version */
    gsize edit_count;
    gint64 revert_to;        /* instead: the whole set of that version; 0: none */
    gint64 expected_newest;  /* 0: whichever it is; else STALE if it is another by now */
    const char *reason;      /* needed to change, not to look */
    const char *valid_from;  /* YYYY-MM-DD; NULL: now */
} KcRuleProposal;

typedef struct {
    char *name;
    GPtrArray *changes; /* of KcRuleChange */
} KcRuleFileDiff;

typedef struct {
    gint64 base;        /* the number that it would follow */
    GError *problem;    /* of KC_RULES_ERROR: what is wrong; NULL: it could come into force */
    GPtrArray *diffs;   /* of KcRuleFileDiff: files that would change, in force or not; those that can't be read aren't there */
    gint64 open_cases;  /* that would keep the version they have */
} KcRulePreview;

void kc_rule_preview_clear(KcRulePreview *preview);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcRulePreview, kc_rule_preview_clear)

gboolean kc_app_preview_rules(KcApp *app, const KcPrincipal *who, const KcRuleProposal *proposal,
                              KcRulePreview *ret_preview, KcResult *result, GError **error);
/* INVALID names what is wrong with file, line and reason, and nothing changes. CONFLICT "rules-planned": it would come into
 * force before a version that is planned already. `who` NULL: from the command line. */
gboolean kc_app_change_rules(KcApp *app, const KcPrincipal *who, const KcRuleProposal *proposal,
                             KcRuleVersion **ret_version, KcResult *result, GError **error);
/* Takes back the newest version before its time has come; CONFLICT "rules-in-force" after. */
gboolean kc_app_withdraw_rules(KcApp *app, const KcPrincipal *who, gint64 number, KcResult *result, GError **error);

/* What is wrong with a whole set of texts, kept nowhere: rules, calendars and templates. */
gboolean kc_rule_files_check(const KcRuleFiles *files, GError **error);

/* Versions that were made since, by this process or another on the same folder, are taken up. Cheap if there are none. */
gboolean kc_app_refresh_rules(KcApp *app, GError **error);
