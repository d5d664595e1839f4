#include "src/http/json_pause.h"

#include "src/base/json.h"
#include "src/http/json_case.h"

json_t *
kc_json_pause(gconstpointer item)
{
    const KcPauseView *view = item;
    const KcPause *pause = view->pause;
    json_t *root = pause->words_json != NULL ? json_loads(pause->words_json, 0, NULL) : NULL;
    if (root == NULL)
        root = json_pack("{s:n, s:n}", "reason", "words");
    const struct {
        const char *name, *value;
    } texts[] = {
        {"id", pause->id},
        {"case_id", pause->case_id},
        {"case_number", view->case_number},
        {"document_id", pause->document_id},
        {"party_id", pause->party_id},
        {"party_label", view->label},
        {"outcome", pause->outcome},
        {"note", pause->note},
        {"ended_by", view->ended_by_name},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        json_object_set_new(root, texts[i].name, kc_json_text_or_null(texts[i].value));
    json_object_set_new(root, "said_at", kc_json_time_or_null(pause->said_us));
    json_object_set_new(root, "ended_at", kc_json_time_or_null(pause->ended_us));
    return root;
}
