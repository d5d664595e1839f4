/* codes.json: the code lists, with the classes that the consistency rules ask for. */
#include "src/rules/lists.h"

#include <string.h>

void
kc_code_free(KcCode *code)
{
    g_free(code->code);
    g_free(code->zh);
    g_free(code->en);
    g_free(code->official);
    g_free(code->class_name);
    g_free(code->effective_from);
    g_free(code->effective_to);
    g_free(code);
}

void
kc_search_word_free(KcSearchWord *word)
{
    g_strfreev(word->words);
    g_strfreev(word->values);
    g_free(word);
}

/* The classes the domain knows, for the lists that must have one. */
static const char *const *
classes_of(KcCodeList list)
{
    static const char *const forms[] = {"between_vehicles", "vehicle_person", "single_vehicle", NULL};
    static const char *const travel[] = {"motor", "non_motor", "pedestrian", "passenger", "other", NULL};
    static const char *const objects[] = {"fixed", "movable", NULL};
    static const char *const roads[] = {"highway", "urban", NULL};
    static const char *const closing[] = {"mediated", "not_mediated", "objected", "refused", NULL};
    static const char *const mediation[] = {"self", "people", "police", "court", NULL};

    switch (list) {
    case KC_CODES_ACCIDENT_FORM:
        return forms;
    case KC_CODES_VEHICLE_TYPE:
        return travel;
    case KC_CODES_COLLISION_OBJECT:
        return objects;
    case KC_CODES_ROAD_TYPE:
        return roads;
    case KC_CODES_CLOSING_CODE:
        return closing;
    case KC_CODES_MEDIATION_METHOD:
        return mediation;
    default:
        return NULL;
    }
}

static void
read_needs(KcReader *reader, const json_t *object, KcCode *code)
{
    g_auto(GStrv) needs = kc_reader_optional_texts(reader, object, "needs");
    for (guint i = 0; needs != NULL && needs[i] != NULL; i++) {
        if (strcmp(needs[i], "collision_type") == 0)
            code->needs_collision_type = TRUE;
        else if (strcmp(needs[i], "fixed_object") == 0)
            code->form_hits = KC_OBJECT_FIXED;
        else if (strcmp(needs[i], "movable_object") == 0)
            code->form_hits = KC_OBJECT_MOVABLE;
        else
            kc_reader_refuse(reader, "the need \"%s\" is not known", needs[i]);
        code->needs_collision_object = code->form_hits != KC_OBJECT_UNKNOWN;
    }
}

static KcCode *
read_code(KcReader *reader, const json_t *object, KcCodeList list, const char *list_from)
{
    static const char *const keys[] = {"code",           "zh",           "en", "official", "class", "needs",
                                       "effective_from", "effective_to", NULL};
    const char *const *classes = classes_of(list);
    KcCode *code = g_new0(KcCode, 1);
    KcLiability liability;

    if (!kc_reader_object(reader, object, keys))
        return code;
    code->code = kc_reader_text(reader, object, "code");
    code->zh = kc_reader_text(reader, object, "zh");
    code->en = kc_reader_text(reader, object, "en");
    code->official = kc_reader_optional_text(reader, object, "official");
    code->class_name = kc_reader_optional_text(reader, object, "class");
    code->effective_from = kc_reader_optional_date(reader, object, "effective_from");
    code->effective_to = kc_reader_optional_date(reader, object, "effective_to");
    if (code->effective_from == NULL)
        code->effective_from = g_strdup(list_from);
    read_needs(reader, object, code);
    if (classes != NULL && (code->class_name == NULL || !g_strv_contains(classes, code->class_name)))
        kc_reader_refuse(reader, "a class is needed, one of those the service knows");
    if (classes == NULL && code->class_name != NULL)
        kc_reader_refuse(reader, "this list has no classes");
    if (list == KC_CODES_LIABILITY && code->code != NULL && !kc_liability_from_string(code->code, &liability))
        kc_reader_refuse(reader, "the liability \"%s\" is not known", code->code);
    return code;
}

static void
read_code_list(KcReader *reader, const json_t *object, KcCodeList list, KcRules *rules)
{
    static const char *const keys[] = {"effective_from", "kind", "legal_basis", "items", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    gsize index;
    json_t *item;

    if (!kc_reader_object(reader, object, keys))
        return;
    kc_rules_read_list_head(reader, object);
    g_autofree char *list_from = kc_reader_date(reader, object, "effective_from");
    const json_t *items = kc_reader_member(reader, object, "items", JSON_ARRAY);
    kc_reader_enter(reader, "items");
    if (json_array_size(items) == 0)
        kc_reader_refuse(reader, "the list is empty");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcCode *code = read_code(reader, item, list, list_from);
        g_ptr_array_add(rules->codes[list], code);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){code->code, code->effective_from, code->effective_to});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

/* ---- what is meant by a word that somebody types into the search; a set from before there were such has none ---- */

static void
check_values(KcReader *reader, const KcSearchWord *word, const KcRules *rules)
{
    KcLiability liability;
    for (guint i = 0; word->values != NULL && word->values[i] != NULL; i++) {
        if (word->by == KC_SEARCH_BY_LIABILITY && !kc_liability_from_string(word->values[i], &liability))
            kc_reader_refuse(reader, "the liability \"%s\" is not known", word->values[i]);
        if (word->by == KC_SEARCH_BY_CLOSING && kc_rules_code(rules, KC_CODES_CLOSING_CODE, word->values[i], NULL) == NULL)
            kc_reader_refuse(reader, "the closing code \"%s\" is not known", word->values[i]);
    }
}

static KcSearchWord *
read_search_word(KcReader *reader, const json_t *object, const KcRules *rules)
{
    static const char *const keys[] = {"words", "by", "values", NULL};
    KcSearchWord *word = g_new0(KcSearchWord, 1);
    if (!kc_reader_object(reader, object, keys))
        return word;
    g_autofree char *by = kc_reader_text(reader, object, "by");
    word->words = kc_reader_texts(reader, object, "words");
    word->values = kc_reader_texts(reader, object, "values");
    if (by != NULL && !kc_search_by_from_string(by, &word->by))
        kc_reader_refuse(reader, "\"%s\" is nothing to search by: outcome, decision, review, closing_code or liability", by);
    check_values(reader, word, rules);
    return word;
}

static void
read_search_words(KcReader *reader, const json_t *root, KcRules *rules)
{
    gsize index;
    json_t *item;
    if (json_object_get(root, "search_words") == NULL)
        return;
    const json_t *items = kc_reader_member(reader, root, "search_words", JSON_ARRAY);
    kc_reader_enter(reader, "search_words");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        g_ptr_array_add(rules->search_words, read_search_word(reader, item, rules));
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

void
kc_rules_read_codes(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "lists", "search_words", NULL};
    const char *list_names[KC_CODES_LIST_COUNT + 1] = {0};

    for (guint list = 0; list < KC_CODES_LIST_COUNT; list++)
        list_names[list] = kc_code_list_to_string(list);
    if (!kc_reader_object(reader, root, keys))
        return;
    const json_t *lists = kc_reader_member(reader, root, "lists", JSON_OBJECT);
    kc_reader_enter(reader, "lists");
    if (lists != NULL && kc_reader_object(reader, lists, list_names))
        for (guint list = 0; list < KC_CODES_LIST_COUNT; list++) {
            const json_t *object = kc_reader_member(reader, lists, list_names[list], JSON_OBJECT);
            kc_reader_enter(reader, list_names[list]);
            if (object != NULL)
                read_code_list(reader, object, list, rules);
            kc_reader_leave(reader);
        }
    kc_reader_leave(reader);
    read_search_words(reader, root, rules);
}
