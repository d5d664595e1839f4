/* desk.json: the targets of the desk, and when a seat counts as away. */
#include "src/rules/lists.h"

#define DAY_S 86400

static gint64
seconds(KcReader *reader, const json_t *object, const char *key)
{
    return (gint64)kc_reader_number(reader, object, key, 1, DAY_S);
}

static void
read_targets(KcReader *reader, const json_t *root, KcDeskPolicy *desk)
{
    static const char *const keys[] = {"answer", "clear", "close", NULL};
    const json_t *targets = kc_reader_member(reader, root, "targets_s", JSON_OBJECT);
    kc_reader_enter(reader, "targets_s");
    if (kc_reader_object(reader, targets, keys)) {
        desk->answer_s = seconds(reader, targets, "answer");
        desk->clear_s = seconds(reader, targets, "clear");
        desk->close_s = seconds(reader, targets, "close");
    }
    kc_reader_leave(reader);
}

void
kc_rules_read_desk(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about",        "effective_from", "kind",    "legal_basis", "targets_s",
                                       "away_after_s", "gone_after_s",   "offer_s", NULL};
    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    read_targets(reader, root, &rules->desk);
    rules->desk.away_after_s = seconds(reader, root, "away_after_s");
    rules->desk.gone_after_s = seconds(reader, root, "gone_after_s");
    rules->desk.offer_s = seconds(reader, root, "offer_s");
}
