/* A draft against the real data: codes, particulars, closing; and its text. */
#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define DAY "2026-11-23"

static KcRules *rules;
static KcDetermination *det;

static KcDeterminationParty *
add_party(const char *id, const char *plate, KcLiability liability)
{
    KcDeterminationParty *party = kc_determination_party_new();
    party->party_id = g_strdup(id);
    party->vehicle_type = g_strdup("K3");
    party->plate_type = g_strdup("02");
    party->plate_number = g_strdup(plate);
    party->insurer = g_strdup("picc");
    party->insurance_certificate = g_strdup("PDZA202661250000000001");
    party->licence_number = g_strdup("612501199001011239");
    party->collision_part = g_strdup("rear");
    party->liability = liability;
    g_ptr_array_add(det->parties, party);
    return party;
}

static void
setup(void)
{
    g_autoptr(GError) error = NULL;
    KcReason *reason = kc_reason_new();

    rules = kc_rules_load(NULL, TRUE, &error);
    kc_assert_no_error(error);
    det = kc_determination_new();
    det->occurred_at_us = G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC;
    det->place_text = g_strdup("商州区北新街与工农路路口");
    det->weather = g_strdup("1");
    det->accident_form = g_strdup("11");
    det->collision_type = g_strdup("1");
    det->facts = g_strdup("乙车追尾甲车。");
    det->cause = g_strdup("乙未与前车保持足够的安全距离。");
    det->injured = 0;
    reason->text = g_strdup("照片显示甲车尾部、乙车前部受损。");
    g_ptr_array_add(reason->evidence,
                    kc_evidence_ref_new(KC_EVIDENCE_STILL, "0193a1b2-0000-7000-8000-00001234abcd", -1));
    g_ptr_array_add(reason->evidence,
                    kc_evidence_ref_new(KC_EVIDENCE_RECORDING, "0193a1b2-0000-7000-8000-00005678ef01", 65500));
    g_ptr_array_add(det->reasons, reason);
    add_party("a", "陕H12345", KC_LIABILITY_NONE);
    g_ptr_array_add(add_party("b", "陕H54321", KC_LIABILITY_FULL)->violations, g_strdup("REAR_END"));
}

static void
teardown(void)
{
    g_clear_pointer(&det, kc_determination_free);
    g_clear_pointer(&rules, kc_rules_free);
}

static KcDeterminationParty *
party_of(guint index)
{
    return det->parties->pdata[index];
}

static void
set(char **slot, const char *value)
{
    g_free(*slot);
    *slot = g_strdup(value);
}

static void
assert_findings(const char *expected)
{
    g_autoptr(GPtrArray) findings = kc_rules_check_determination(rules, det, DAY);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        g_string_append_printf(found, "%s%s@%s", i > 0 ? "," : "", finding->code, finding->pointer);
    }
    ck_assert_str_eq(found->str, expected);
}

START_TEST(a_good_draft_has_no_findings)
{
    assert_findings("");
}
END_TEST

START_TEST(unknown_codes_of_the_accident)
{
    set(&det->weather, "77");
    set(&det->collision_type, "x");
    set(&det->collision_object, "99");
    set(&det->road_type, "23");
    set(&det->road_class, "5");
    set(&det->scene, "8");
    assert_findings("UNKNOWN_CODE@/weather,UNKNOWN_CODE@/collision_type,UNKNOWN_CODE@/collision_object,"
                    "UNKNOWN_CODE@/road_type,UNKNOWN_CODE@/road_class,UNKNOWN_CODE@/scene,"
                    "COLLISION_OBJECT_ALIEN@/collision_object");
    set(&det->road_type, "10");
    set(&det->road_class, "1");
    set(&det->scene, "1");
    set(&det->weather, "1");
    set(&det->collision_type, NULL);
    set(&det->collision_object, NULL);
    set(&det->accident_form, "00");
    assert_findings("UNKNOWN_CODE@/accident_form");
}
END_TEST

START_TEST(unknown_codes_of_a_party)
{
    set(&party_of(0)->plate_type, "0");
    set(&party_of(0)->collision_part, "heart");
    g_ptr_array_add(party_of(1)->violations, g_strdup("FLYING"));
    g_ptr_array_add(party_of(1)->violations, g_strdup("REAR_END"));
    assert_findings("UNKNOWN_CODE@/parties/0/plate_type,UNKNOWN_CODE@/parties/0/collision_part,"
                    "UNKNOWN_CODE@/parties/1/violations/1,VIOLATION_TWICE@/parties/1/violations/2");
}
END_TEST

START_TEST(plates_and_licences)
{
    set(&party_of(0)->plate_number, "陕HD12345");
    set(&party_of(1)->licence_number, "612501199001011238");
    assert_findings("PLATE_NUMBER@/parties/0/plate_number,LICENCE_NUMBER@/parties/1/licence_number");
    set(&party_of(0)->plate_type, "52");
    set(&party_of(1)->licence_number, "612501199001011239");
    assert_findings("");
    set(&party_of(0)->plate_number, NULL);
    assert_findings("PLATE_NUMBER@/parties/0/plate_number");
    set(&party_of(0)->plate_type, "41");
    assert_findings("");
}
END_TEST

START_TEST(the_classes_of_the_codes_reach_the_rules)
{
    set(&det->accident_form, "35");
    assert_findings("SINGLE_VEHICLE_COUNT@/accident_form,COLLISION_TYPE_ALIEN@/collision_type,"
                    "COLLISION_OBJECT@/collision_object");
    set(&det->collision_type, NULL);
    set(&det->collision_object, "31");
    assert_findings("SINGLE_VEHICLE_COUNT@/accident_form,COLLISION_OBJECT_KIND@/collision_object");
    set(&det->accident_form, "36");
    assert_findings("SINGLE_VEHICLE_COUNT@/accident_form");
    set(&det->collision_object, NULL);
    set(&det->accident_form, "21");
    assert_findings("VEHICLE_PERSON_COUNT@/accident_form");
    set(&det->accident_form, "11");
    set(&det->collision_type, "1");
    set(&det->road_type, "22");
    set(&det->road_class, "1");
    assert_findings("ROAD_CLASS_ALIEN@/road_class");
    set(&det->road_type, "12");
    assert_findings("");
    set(&det->accident_form, "12");
    set(&det->collision_type, NULL);
    assert_findings("COLLISION_TYPE@/collision_type");
    set(&det->accident_form, "19");
    assert_findings("");
    set(&party_of(0)->vehicle_type, "F6");
    set(&party_of(0)->plate_type, NULL);
    set(&party_of(0)->licence_number, NULL);
    set(&party_of(0)->insurer, NULL);
    set(&party_of(0)->insurance_certificate, NULL);
    assert_findings("NOT_A_MOTOR_VEHICLE@/parties/0/plate_number");
}
END_TEST

START_TEST(texts_have_limits)
{
    g_autofree char *at_limit = g_strnfill(4000, 'a');
    g_autofree char *above = g_strnfill(4001, 'a');
    set(&det->facts, at_limit);
    assert_findings("");
    set(&det->facts, above);
    assert_findings("TOO_LONG@/facts");
}
END_TEST

START_TEST(closing_codes)
{
    static const struct {
        const char *code;
        KcClosingFacts facts;
        const char *finding;
    } cases[] = {
        {"1", {TRUE, 2, 0, 0, "3", "各自修车"}, NULL},      {"1", {TRUE, 2, 0, 0, "9", "各自修车"}, "UNKNOWN_CODE"},
        {"2", {TRUE, 2, 0, 0, NULL, NULL}, NULL},           {"3", {TRUE, 1, 0, 1, NULL, NULL}, NULL},
        {"4", {TRUE, 1, 1, 0, NULL, NULL}, NULL},           {"4", {TRUE, 2, 0, 0, NULL, NULL}, "NOBODY_REFUSED"},
        {"5", {TRUE, 2, 0, 0, NULL, NULL}, "UNKNOWN_CODE"}, {NULL, {TRUE, 2, 0, 0, NULL, NULL}, "UNKNOWN_CODE"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) findings = kc_rules_check_closing(rules, cases[i].code, &cases[i].facts, DAY);
        const char *found = findings->len == 0 ? NULL : ((const KcFinding *)findings->pdata[0])->code;
        ck_assert_msg(g_strcmp0(found, cases[i].finding) == 0, "row %u: %s", i, found);
    }
}
END_TEST

START_TEST(the_text)
{
    static const KcDocumentPerson people[] = {{"a", "A", "张三", "13800000000"}, {"b", "B", "李四", NULL}};
    const KcDocumentFrame frame = {
        .document_number = "C-20261123-000042-D1",
        .case_number = "C-20261123-000042",
        .county = "商州区",
        .officer_name = "赵警官",
        .officer_badge = "061234",
        .issued_at_us = G_GINT64_CONSTANT(1795436400) * G_USEC_PER_SEC,
        .people = people,
        .people_count = G_N_ELEMENTS(people),
    };
    static const char *const lines[] = {
        "【演示】",
        "道路交通事故认定书（简易程序）\n",
        "天气：晴\n",
        "碰撞方式：追尾碰撞\n",
        "当事人乙\n姓名：李四\n联系方式：未提供\n交通方式：小型客车\n",
        "号牌种类：小型汽车\n保险公司：人保财险\n",
        "碰撞部位：后部\n",
        "发生碰撞运动车辆事故。致受伤0人，直接财产损失未估定。",
        "证据：固定照片1234abcd；录像5678ef01（01:05）。\n",
        "当事人乙（李四）有“追尾”（道路交通安全法第43条）的行为，负全部责任。\n",
        "当事人甲（张三）无责任。\n",
        "三个工作日",
        "第七十一条",
        "处理单位：商洛市道路交通事故远程快处中心\n",
        "不是行政处罚",
    };
    set(&det->collision_object, "");
    g_autofree char *text = kc_rules_render_determination(rules, det, &frame);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
        ck_assert_msg(strstr(text, lines[i]) != NULL, "no \"%s\" in:\n%s", lines[i], text);
    ck_assert_ptr_null(strstr(text, "碰撞对象"));
    /* The heaviest liability first. */
    ck_assert(strstr(text, "当事人乙\n") < strstr(text, "当事人甲\n"));
}
END_TEST

static Suite *
check_suite(void)
{
    Suite *suite = suite_create("rules/check");
    TCase *tcase = tcase_create("drafts");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_good_draft_has_no_findings);
    tcase_add_test(tcase, unknown_codes_of_the_accident);
    tcase_add_test(tcase, unknown_codes_of_a_party);
    tcase_add_test(tcase, plates_and_licences);
    tcase_add_test(tcase, the_classes_of_the_codes_reach_the_rules);
    tcase_add_test(tcase, texts_have_limits);
    tcase_add_test(tcase, closing_codes);
    tcase_add_test(tcase, the_text);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(check_suite())
