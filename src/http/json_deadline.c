#include "src/http/json_deadline.h"

#include "src/http/json_case.h"

static json_t *
deadline_json(const KcDeadline *deadline)
{
    const KcDeadlineRule *rule = deadline->rule;
    g_autofree char *due_on = kc_day_to_text(deadline->due.day);
    json_t *root = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "code", rule->code, "title_zh", rule->title_zh,
                             "title_en", rule->title_en, "how_zh", kc_json_text_or_null(rule->how_zh), "how_en",
                             kc_json_text_or_null(rule->how_en), "legal_basis", rule->legal_basis, "kind",
                             kc_rule_kind_to_string(rule->kind), "bound", kc_bound_to_string(rule->bound));
    json_t *times = json_pack(
        "{s:o, s:s, s:o, s:i, s:s, s:s, s:i, s:s, s:b, s:o}", "party_id", kc_json_text_or_null(deadline->party_id),
        "starts", kc_deadline_event_to_string(rule->starts), "started_at", kc_json_time_or_null(deadline->started_us),
        "count", (int)rule->period.count, "unit", kc_period_unit_to_string(rule->period.unit), "due_on", due_on,
        "days_left", deadline->days_left, "state", kc_deadline_state_to_string(deadline->state), "provisional",
        deadline->due.provisional, "ended_at", kc_json_time_or_null(deadline->ended_us));
    json_object_update(root, times);
    json_decref(times);
    return root;
}

json_t *
kc_json_deadlines(const GPtrArray *deadlines)
{
    json_t *list = json_array();
    for (guint i = 0; i < deadlines->len; i++)
        json_array_append_new(list, deadline_json(deadlines->pdata[i]));
    return list;
}
