/* settlement.json: what the parties may not settle by themselves, and between which vehicles they may. */
#include "src/rules/lists.h"

static KcEligibilityRule *
read_vehicles(KcReader *reader, const json_t *object)
{
    static const char *const keys[] = {"code", "kind", "legal_basis", "title_zh", "title_en", NULL};
    KcEligibilityRule *rule = g_new0(KcEligibilityRule, 1);

    if (!kc_reader_object(reader, object, keys))
        return rule;
    rule->code = kc_reader_text(reader, object, "code");
    rule->kind = kc_rules_read_kind(reader, object);
    rule->legal_basis = kc_reader_text(reader, object, "legal_basis");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    return rule;
}

void
kc_rules_read_settlement(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "grounds", "vehicles", NULL};
    const json_t *grounds = kc_rules_items_of(reader, root, keys, "grounds");
    if (grounds == NULL)
        return;
    kc_rules_read_grounds(reader, grounds, "grounds", rules, rules->settlement);
    const json_t *vehicles = kc_reader_member(reader, root, "vehicles", JSON_OBJECT);
    kc_reader_enter(reader, "vehicles");
    if (vehicles != NULL)
        rules->settlement_vehicles = read_vehicles(reader, vehicles);
    kc_reader_leave(reader);
}
