#include "tests/http/served.h"

#include <string.h>

#include "src/domain/deadlines.h"

#define DRAFT                                                                                                          \
    "{%s\"occurred_at\":\"2026-11-23T08:30:00.000Z\",\"place_text\":\"商州区北新街\",\"weather\":\"1\","           \
    "\"accident_form\":\"11\",\"collision_type\":\"1\",\"facts\":\"甲车追尾乙车。\",\"cause\":"                 \
    "\"甲车未保持安全距离。\","                                                                              \
    "\"injured\":0,\"damage_cny\":800,\"parties\":["                                                                   \
    "{\"party_id\":\"%s\",\"vehicle_type\":\"K3\",\"plate_number\":\"陕H12345\",\"plate_type\":\"02\","               \
    "\"insurer\":\"picc\",\"licence_number\":\"612501000001\",\"collision_part\":\"front\","                           \
    "\"violations\":[\"REAR_END\"],\"liability\":\"full\"},"                                                           \
    "{\"party_id\":\"%s\",\"vehicle_type\":\"K3\",\"plate_number\":\"陕H54321\",\"plate_type\":\"02\","               \
    "\"insurer\":\"picc\",\"licence_number\":\"612501000002\",\"collision_part\":\"rear\",\"violations\":[],"          \
    "\"liability\":\"none\"}],"                                                                                        \
    "\"reasons\":[{\"text\":\"照片显示接触。\",\"evidence\":[{\"kind\":\"still\",\"id\":\"%s\"}]}]}"

json_t *
served_by_officer(Served *served, int status, const char *method, const char *rest, const char *body)
{
    g_autofree char *path = case_path(&served->one, rest);
    return fixture_json(served->fixture, status,
                        (Call){.method = method, .path = path, .token = served->officer, .text = body});
}

void
served_consent(Served *served, const char *token, const char *party_id, const char *kind, gboolean given)
{
    g_autofree char *rest = g_strdup_printf("/parties/%s/consents", party_id);
    g_autofree char *path = case_path(&served->one, rest);
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"given\":%s}", kind, given ? "true" : "false");
    reply_free(
        fixture_expect(served->fixture, 200, (Call){.method = "PUT", .path = path, .token = token, .text = body}));
}

void
served_call(Served *served)
{
    served->officer = fixture_sign_in(served->fixture, "officer");
    served->one = fixture_case_in_call(served->fixture, served->officer);
    g_autoptr(json_t) added = served_by_officer(served, 201, "POST", "/parties", "{\"name\":\"李四\"}");
    served->party_b = g_strdup(text_at(added, "party.id"));
    g_autofree char *invite = g_strdup_printf("{\"kind\":\"party\",\"party_id\":\"%s\"}", served->party_b);
    g_autoptr(json_t) link = served_by_officer(served, 201, "POST", "/invitations", invite);
    served->token_b = g_strdup(text_at(link, "token"));
    if (!served->b_wants_paper)
        served_consent(served, served->token_b, served->party_b, "electronic_service", TRUE);
    g_autofree char *freeze = g_strdup_printf("{\"party_id\":\"%s\",\"shot\":null}", served->one.party_id);
    g_autoptr(json_t) still = served_by_officer(served, 201, "POST", "/snapshots", freeze);
    served->still = g_strdup(text_at(still, "still.id"));
}

char *
served_draft(const Served *served)
{
    return g_strdup_printf(DRAFT, served->more != NULL ? served->more : "", served->one.party_id, served->party_b,
                           served->still);
}

void
served_issue(Served *served)
{
    if (served->officer == NULL)
        served_call(served);
    g_autofree char *draft = served_draft(served);
    json_decref(served_by_officer(served, 200, "PUT", "/determination", draft));
    g_autoptr(json_t) issued = served_by_officer(served, 201, "POST", "/determination/issue", NULL);
    g_free(served->document);
    g_free(served->sha256);
    served->document = g_strdup(text_at(issued, "document.id"));
    served->sha256 = g_strdup(text_at(issued, "document.sha256"));
}

void
served_clear(Served *served)
{
    char *texts[] = {served->officer, served->party_b, served->token_b,
                     served->still,   served->document, served->sha256};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    test_case_clear(&served->one);
}

void
served_decide(Served *served, const char *token, const char *decision)
{
    gboolean signs = strcmp(decision, "signed") == 0;
    g_autofree char *image = signs ? g_base64_encode(test_png, test_png_size) : NULL;
    g_autofree char *picture = signs ? g_strdup_printf(",\"image_png\":\"%s\"", image) : g_strdup("");
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", served->document);
    g_autofree char *path = case_path(&served->one, rest);
    g_autofree char *body = g_strdup_printf("{\"decision\":\"%s\",\"document_sha256\":\"%s\"%s}", decision,
                                            served->sha256, picture);
    reply_free(fixture_expect(served->fixture, 201, (Call){.path = path, .token = token, .text = body}));
}

static int
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
name_of(const Served *served, const json_t *deadline)
{
    const char *party_id = json_string_value(json_object_get(deadline, "party_id"));
    const char *whose = party_id == NULL ? "" : strcmp(party_id, served->party_b) == 0 ? ":B" : ":A";
    gboolean over = !json_is_null(json_object_get(deadline, "ended_at"));
    return g_strconcat(over ? "-" : "", text_at(deadline, "code"), whose, NULL);
}

/* What is over last, each half by its name. */
char *
served_limits(Served *served, const char *token)
{
    g_autofree char *path = case_path(&served->one, "");
    g_autoptr(json_t) view = fixture_json(served->fixture, 200, (Call){.path = path, .token = token});
    g_autoptr(GPtrArray) running = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) over = g_ptr_array_new();
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(view, "deadlines"), index, item)
    {
        char *name = name_of(served, item);
        g_ptr_array_add(*name == '-' ? over : running, name);
    }
    g_ptr_array_sort(running, by_text);
    g_ptr_array_sort(over, by_text);
    g_ptr_array_extend_and_steal(running, g_steal_pointer(&over));
    g_ptr_array_add(running, NULL);
    return g_strjoinv(" ", (char **)running->pdata);
}

void
served_set_day(Fixture *fixture, const char *text, int hour)
{
    KcDay day = 0;
    ck_assert(kc_day_from_text(text, &day));
    fixture->skew_us = kc_day_start_us(day) + hour * G_TIME_SPAN_HOUR - g_get_real_time();
}
