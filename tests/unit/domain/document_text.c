/* The text is what people sign: it is compared whole, byte by byte, with a kept copy. */
#include "src/domain/document_text.h"
#include "tests/support/kc_test.h"

#include <locale.h>
#include <string.h>

static const char *const RIGHTS[] = {"可以申请复核。", "可以申请调解。", NULL};

static const KcDocumentWording WORDING = {
    .title = "认定书",
    .basis = "依据某条。",
    .liability_basis = "认定如下：",
    .mediated = "经调解：",
    .not_mediated = "不同意调解。",
    .rights = RIGHTS,
    .footer = "不是行政处罚。",
};

static const KcDocumentViolation REAR_END = {"追尾", "法第43条"};
static const char *const EVIDENCE[] = {"固定照片00000001", "录像00000002（01:05）", NULL};
static const KcDocumentReason REASONS[] = {{"照片显示前车尾部受损。", EVIDENCE}, {"双方陈述一致。", NULL}};

static const KcDocumentParty PARTIES[] = {
    {.label = "B",
     .name = "李四",
     .phone = "13900000000",
     .licence_number = "11010119900307889X",
     .vehicle_type = "小型客车",
     .has_vehicle = TRUE,
     .is_motor = TRUE,
     .plate_number = "陕HD12345",
     .plate_type = "小型新能源汽车",
     .insurer = "人保财险",
     .insurance_certificate = "PDZA202661250000000001",
     .collision_part = "前部",
     .violations = &REAR_END,
     .violation_count = 1,
     .liability = KC_LIABILITY_FULL},
    {.label = "A",
     .name = "张三",
     .vehicle_type = "电动自行车",
     .has_vehicle = TRUE,
     .collision_part = "后部",
     .liability = KC_LIABILITY_NONE},
    {.label = "C",
     .name = "王五",
     .phone = "13700000000",
     .id_number = "612501199001011239",
     .shares_phone_label = "A",
     .vehicle_type = "步行",
     .liability = KC_LIABILITY_NONE},
};

static KcDocument
document(void)
{
    return (KcDocument){
        .document_number = "C-20261123-000042-D1",
        .case_number = "C-20261123-000042",
        .authority = "远程快处中心",
        .county = "商州区",
        .officer_name = "赵警官",
        .officer_badge = "061234",
        .issued_at_us = G_GINT64_CONSTANT(1795436400) * G_USEC_PER_SEC,
        .occurred_at_us = G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC,
        .place = "商州区北新街与工农路路口",
        .weather = "晴",
        .accident_form = "碰撞运动车辆",
        .collision_type = "追尾碰撞",
        .facts = "乙车追尾甲车。\n甲车无过错。",
        .cause = "未保持安全距离。",
        .injured = 0,
        .damage_cny = 1200,
        .parties = PARTIES,
        .party_count = G_N_ELEMENTS(PARTIES),
        .reasons = REASONS,
        .reason_count = G_N_ELEMENTS(REASONS),
    };
}

START_TEST(the_text_is_the_kept_one)
{
    KcDocument doc = document();
    g_autofree char *text = kc_document_render(&doc, &WORDING);
    g_autofree char *kept = NULL;
    ck_assert(g_file_get_contents(KC_TEST_DATA "/determination.golden.txt", &kept, NULL, NULL));
    ck_assert_msg(strcmp(text, kept) == 0, "the text differs from determination.golden.txt:\n%s", text);
}
END_TEST

START_TEST(the_text_does_not_depend_on_the_locale)
{
    KcDocument doc = document();
    g_autofree char *before = kc_document_render(&doc, &WORDING);
    setlocale(LC_ALL, "C.UTF-8");
    g_autofree char *after = kc_document_render(&doc, &WORDING);
    ck_assert_str_eq(before, after);
    ck_assert(g_utf8_validate(after, -1, NULL));
    ck_assert(g_str_has_suffix(after, "\n"));
}
END_TEST

START_TEST(a_demonstration_says_so)
{
    KcDocument doc = document();
    doc.demo = TRUE;
    g_autofree char *text = kc_document_render(&doc, &WORDING);
    ck_assert(g_str_has_prefix(text, "【演示】"));
}
END_TEST

START_TEST(what_is_unknown_is_said)
{
    KcDocument doc = document();
    doc.damage_cny = -1;
    g_autofree char *text = kc_document_render(&doc, &WORDING);
    ck_assert_ptr_nonnull(strstr(text, "直接财产损失未估定。"));
    ck_assert_ptr_nonnull(strstr(text, "联系方式：未提供\n"));
}
END_TEST

START_TEST(no_one_can_write_a_line_of_the_form)
{
    KcDocumentParty party = PARTIES[0];
    KcDocument doc = document();
    party.name = "李四\n姓名：王某";
    party.insurer = "某公司\u2028警号";
    doc.facts = "正常。\n\n四、当事人责任\n当事人乙负无责任。";
    doc.place = "路口\r\n事故形态：侧翻";
    doc.parties = &party;
    doc.party_count = 1;
    g_autofree char *text = kc_document_render(&doc, &WORDING);
    ck_assert_ptr_null(strstr(text, "\n姓名：王某"));
    ck_assert_ptr_null(strstr(text, "\n事故形态：侧翻"));
    ck_assert_ptr_null(strstr(text, "\n当事人乙负无责任"));
    ck_assert_ptr_null(strstr(text, "\u2028"));
    ck_assert_ptr_nonnull(strstr(text, "\n　　四、当事人责任\n"));
}
END_TEST

START_TEST(words)
{
    ck_assert_str_eq(kc_party_label_zh("A"), "甲");
    ck_assert_str_eq(kc_party_label_zh("J"), "癸");
    ck_assert_str_eq(kc_party_label_zh("K"), "K");
    ck_assert_str_eq(kc_party_label_zh(""), "");
    ck_assert_str_eq(kc_liability_zh(KC_LIABILITY_EQUAL), "同等责任");
    ck_assert_str_eq(kc_liability_zh(KC_LIABILITY_UNDETERMINABLE), "责任无法认定");
}
END_TEST

START_TEST(mediation_is_said_where_it_is_known)
{
    static const struct {
        KcMediation mediation;
        const char *result, *says;
    } ways[] = {
        {KC_MEDIATION_UNSET, NULL, "\n五、当事人的权利\n"},
        {KC_MEDIATION_DECLINED, NULL, "\n五、损害赔偿调解\n　　不同意调解。\n\n六、当事人的权利\n"},
        {KC_MEDIATION_AGREED, "甲赔乙800元。\n当场付清。",
         "\n五、损害赔偿调解\n　　经调解：\n　　甲赔乙800元。\n　　当场付清。\n\n六、当事人的权利\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        KcDocument doc = document();
        doc.mediation = ways[i].mediation;
        doc.mediation_result = ways[i].result;
        g_autofree char *text = kc_document_render(&doc, &WORDING);
        ck_assert_msg(strstr(text, ways[i].says) != NULL, "%u: %s", i, text);
        ck_assert_int_eq(strstr(text, "损害赔偿调解") != NULL, ways[i].mediation != KC_MEDIATION_UNSET);
    }
}
END_TEST

static Suite *
document_text_suite(void)
{
    Suite *suite = suite_create("domain/document_text");
    TCase *tcase = tcase_create("text");
    tcase_add_test(tcase, the_text_is_the_kept_one);
    tcase_add_test(tcase, the_text_does_not_depend_on_the_locale);
    tcase_add_test(tcase, a_demonstration_says_so);
    tcase_add_test(tcase, what_is_unknown_is_said);
    tcase_add_test(tcase, no_one_can_write_a_line_of_the_form);
    tcase_add_test(tcase, words);
    tcase_add_test(tcase, mediation_is_said_where_it_is_known);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(document_text_suite())
