/* approval.json: when a supervisor looks at a draft before it is issued. */
#include "src/rules/lists.h"

static KcApprovalRule *
read_rule(KcReader *reader, const json_t *object)
{
    static const char *const keys[] = {"code", "measure", "more_than", "enabled", "title_zh", "title_en", NULL};
    KcApprovalRule *rule = g_new0(KcApprovalRule, 1);

    if (!kc_reader_object(reader, object, keys))
        return rule;
    rule->code = kc_reader_text(reader, object, "code");
    rule->more_than = (gint64)kc_reader_number(reader, object, "more_than", 0, 1e12);
    rule->enabled = kc_reader_boolean(reader, object, "enabled");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    g_autofree char *measure = kc_reader_text(reader, object, "measure");
    if (measure != NULL && !kc_measure_from_string(measure, &rule->measure))
        kc_reader_refuse(reader, "nothing of a draft is called \"%s\"", measure);
    return rule;
}

void
kc_rules_read_approval(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "effective_from", "kind", "legal_basis", "rules", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    gsize index;
    json_t *item;

    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    const json_t *items = kc_reader_member(reader, root, "rules", JSON_ARRAY);
    kc_reader_enter(reader, "rules");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcApprovalRule *rule = read_rule(reader, item);
        g_ptr_array_add(rules->approval, rule);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){rule->code, NULL, NULL});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}
