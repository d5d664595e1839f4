/* The parties' own agreement: what it lacks, what contradicts itself, what differs from an earlier one, and the text that
 * people sign, compared whole with a kept copy. */
#include "src/domain/agreement.h"
#include "src/domain/agreement_text.h"
#include "tests/support/kc_test.h"

#include <string.h>

static void
add_party(KcAgreement *agreement, const char *id, const char *name, KcLiability liability)
{
    KcDeterminationParty *party = kc_determination_party_new();
    KcSettler *settler = kc_settler_new();
    party->party_id = g_strdup(id);
    party->licence_number = g_strdup("61250119850101001X");
    party->insurance_certificate = g_strdup("PDZA1");
    party->liability = liability;
    settler->name = g_strdup(name);
    settler->phone = g_strdup("13800000000");
    kc_agreement_add_party(agreement, party, settler);
}

static KcAgreement *
complete(void)
{
    KcAgreement *agreement = kc_agreement_new();
    add_party(agreement, "a", "张三", KC_LIABILITY_FULL);
    add_party(agreement, "b", "李四", KC_LIABILITY_NONE);
    agreement->compensation = KC_COMPENSATION_PRIVATE;
    g_ptr_array_add(agreement->payments, kc_payment_new("a", "b", 800));
    return agreement;
}

static KcDeterminationParty *
party_of(KcAgreement *agreement, guint place)
{
    return agreement->accident->parties->pdata[place];
}

static KcSettler *
settler_of(KcAgreement *agreement, guint place)
{
    return agreement->settlers->pdata[place];
}

/* One finding, "CODE@/pointer", or none. */
static void
assert_finding(const KcAgreement *agreement, KcTravelClass second, const char *wanted)
{
    const KcTravelClass travel[] = {KC_TRAVEL_MOTOR, second, KC_TRAVEL_MOTOR};
    g_autoptr(GPtrArray) findings = kc_agreement_check(agreement, travel);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        g_string_append_printf(found, "%s%s@%s", i > 0 ? "," : "", finding->code, finding->pointer);
        ck_assert(*finding->message_zh != '\0' && *finding->message_en != '\0');
    }
    ck_assert_str_eq(found->str, wanted);
}

START_TEST(a_complete_agreement_has_no_findings)
{
    g_autoptr(KcAgreement) agreement = complete();
    assert_finding(agreement, KC_TRAVEL_MOTOR, "");
}
END_TEST

START_TEST(each_party_says_who_it_is)
{
    g_autoptr(KcAgreement) agreement = complete();
    g_clear_pointer(&settler_of(agreement, 0)->phone, g_free);
    assert_finding(agreement, KC_TRAVEL_MOTOR, "PHONE@/parties/0/phone");
    settler_of(agreement, 0)->phone = g_strdup("13800000000");
    g_free(settler_of(agreement, 1)->name);
    settler_of(agreement, 1)->name = g_strdup(" ");
    assert_finding(agreement, KC_TRAVEL_MOTOR, "NAME@/parties/1/name");
    g_free(settler_of(agreement, 1)->name);
    settler_of(agreement, 1)->name = g_strdup("李四");
    g_clear_pointer(&party_of(agreement, 1)->licence_number, g_free);
    assert_finding(agreement, KC_TRAVEL_MOTOR, "LICENCE_OR_ID@/parties/1/licence_number");
    settler_of(agreement, 1)->id_number = g_strdup("61250119850101001X");
    assert_finding(agreement, KC_TRAVEL_MOTOR, "");
    g_clear_pointer(&party_of(agreement, 1)->insurance_certificate, g_free);
    assert_finding(agreement, KC_TRAVEL_MOTOR, "INSURANCE_CERTIFICATE@/parties/1/insurance_certificate");
    assert_finding(agreement, KC_TRAVEL_NON_MOTOR, "");
    g_clear_pointer(&settler_of(agreement, 1)->id_number, g_free);
    assert_finding(agreement, KC_TRAVEL_NON_MOTOR, "ID_NUMBER@/parties/1/id_number");
}
END_TEST

START_TEST(nobody_settles_alone)
{
    g_autoptr(KcAgreement) agreement = kc_agreement_new();
    add_party(agreement, "a", "张三", KC_LIABILITY_FULL);
    agreement->compensation = KC_COMPENSATION_NONE;
    assert_finding(agreement, KC_TRAVEL_MOTOR, "SECOND_PARTY@/parties");
}
END_TEST

START_TEST(who_cannot_tell_asks_an_officer)
{
    g_autoptr(KcAgreement) agreement = complete();
    party_of(agreement, 0)->liability = KC_LIABILITY_UNDETERMINABLE;
    assert_finding(agreement, KC_TRAVEL_MOTOR, "UNDETERMINABLE@/parties/0/liability");
}
END_TEST

START_TEST(compensation_fits_itself)
{
    g_autoptr(KcAgreement) agreement = complete();
    agreement->compensation = KC_COMPENSATION_INSURANCE;
    assert_finding(agreement, KC_TRAVEL_MOTOR, "PAYMENTS_ALIEN@/payments");
    agreement->compensation = KC_COMPENSATION_UNSET;
    assert_finding(agreement, KC_TRAVEL_MOTOR, "COMPENSATION@/compensation");
    agreement->compensation = KC_COMPENSATION_PRIVATE;
    g_ptr_array_set_size(agreement->payments, 0);
    assert_finding(agreement, KC_TRAVEL_MOTOR, "PAYMENTS@/payments");
    agreement->compensation = KC_COMPENSATION_NONE;
    assert_finding(agreement, KC_TRAVEL_MOTOR, "");
}
END_TEST

START_TEST(payments_are_between_two_parties)
{
    static const struct {
        const char *from, *to;
        gint64 amount;
        const char *finding;
    } rows[] = {
        {"a", "b", 0, "PAYMENT_AMOUNT@/payments/0/amount_cny"},
        {"a", NULL, 5, "PAYMENT_PARTY@/payments/0/to_party_id"},
        {"a", "c", 5, "NOT_A_PARTY@/payments/0/to_party_id"},
        {"a", "a", 5, "PAYMENT_TO_SELF@/payments/0/to_party_id"},
        {"b", "a", 5, "PAYER_NOT_LIABLE@/payments/0/from_party_id"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KcAgreement) agreement = complete();
        g_ptr_array_set_size(agreement->payments, 0);
        g_ptr_array_add(agreement->payments, kc_payment_new(rows[i].from, rows[i].to, rows[i].amount));
        assert_finding(agreement, KC_TRAVEL_MOTOR, rows[i].finding);
    }
    g_autoptr(KcAgreement) twice = complete();
    g_ptr_array_add(twice->payments, kc_payment_new("a", "b", 100));
    assert_finding(twice, KC_TRAVEL_MOTOR, "PAYMENT_TWICE@/payments/1");
}
END_TEST

/* "a:责任" …, comma separated. */
static void
assert_changes(const KcAgreement *before, const KcAgreement *after, const char *wanted)
{
    g_autoptr(GPtrArray) changes = kc_agreement_changes(before, after);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++) {
        const KcAgreementChange *change = changes->pdata[i];
        g_string_append_printf(found, "%s%s%s%s", i > 0 ? "," : "", change->party_id != NULL ? change->party_id : "",
                               change->party_id != NULL ? ":" : "", change->zh);
        ck_assert(*change->en != '\0');
    }
    ck_assert_str_eq(found->str, wanted);
}

START_TEST(what_has_changed_is_named)
{
    g_autoptr(KcAgreement) before = complete();
    g_autoptr(KcAgreement) after = complete();
    assert_changes(before, after, "");
    after->accident->occurred_at_us = 1;
    after->accident->weather = g_strdup("3");
    assert_changes(before, after, "事故时间,天气");
    g_autoptr(KcAgreement) other = complete();
    party_of(other, 0)->liability = KC_LIABILITY_EQUAL;
    settler_of(other, 1)->damage_cny = 300;
    g_ptr_array_add(party_of(other, 0)->violations, g_strdup("REAR_END"));
    ((KcPayment *)other->payments->pdata[0])->amount_cny = 900;
    assert_changes(before, other, "a:事故情形,a:责任,b:损失,赔偿");
    g_autoptr(KcAgreement) three = complete();
    add_party(three, "c", "王五", KC_LIABILITY_NONE);
    assert_changes(before, three, "c:新的当事人");
}
END_TEST

/* ---- the text ---- */

static const char *const TERMS[] = {"如实填写。", "各方履行。", NULL};
static const KcAgreementWording WORDING = {
    .title = "协议书",
    .basis = "自愿协商。",
    .liability_basis = "各方确认：",
    .compensation = {NULL, "走保险。", "自行赔付：", "互不赔付。"},
    .terms = TERMS,
    .footer = "不是认定。",
};
static const KcDocumentViolation REAR_END = {"追尾", "法第43条"};
static const KcDocumentParty PARTIES[] = {
    {.label = "A",
     .name = "张三",
     .phone = "13800000000",
     .licence_number = "61250119850101001X",
     .vehicle_type = "小型客车",
     .has_vehicle = TRUE,
     .is_motor = TRUE,
     .plate_number = "陕H12345",
     .plate_type = "小型汽车",
     .insurer = "人保财险",
     .insurance_certificate = "PDZA202661250000000001",
     .collision_part = "前部",
     .violations = &REAR_END,
     .violation_count = 1,
     .liability = KC_LIABILITY_FULL},
    {.label = "B",
     .name = "李四",
     .phone = "13900000000",
     .id_number = "11010119900307889X",
     .vehicle_type = "电动自行车",
     .has_vehicle = TRUE,
     .collision_part = "后部",
     .liability = KC_LIABILITY_NONE},
};
static const gint64 DAMAGE[] = {-1, 800};
static const KcAgreementPayment PAYMENT = {0, 1, 800};

static KcAgreementDocument
document(void)
{
    return (KcAgreementDocument){
        .document = {.document_number = "C-20261123-000042-A1",
                     .case_number = "C-20261123-000042",
                     .authority = "远程快处中心",
                     .county = "商州区",
                     .issued_at_us = G_GINT64_CONSTANT(1795436400) * G_USEC_PER_SEC,
                     .occurred_at_us = G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC,
                     .place = "商州区北新街与工农路路口",
                     .weather = "晴",
                     .accident_form = "碰撞运动车辆",
                     .collision_type = "追尾碰撞",
                     .facts = "等红灯时被追尾。\n三、赔偿",
                     .parties = PARTIES,
                     .party_count = G_N_ELEMENTS(PARTIES)},
        .damage_cny = DAMAGE,
        .compensation = KC_COMPENSATION_PRIVATE,
        .payments = &PAYMENT,
        .payment_count = 1,
        .proposer = "A",
    };
}

START_TEST(the_text_is_the_kept_one)
{
    KcAgreementDocument doc = document();
    g_autofree char *text = kc_agreement_render(&doc, &WORDING);
    g_autofree char *kept = NULL;
    ck_assert(g_file_get_contents(KC_TEST_DATA "/agreement.golden.txt", &kept, NULL, NULL));
    ck_assert_msg(strcmp(text, kept) == 0, "the text differs from agreement.golden.txt:\n%s", text);
}
END_TEST

START_TEST(who_guides_is_named)
{
    KcAgreementDocument doc = document();
    doc.proposer = NULL;
    doc.document.officer_name = "赵警官";
    doc.document.officer_badge = "061234";
    g_autofree char *by_officer = kc_agreement_render(&doc, &WORDING);
    ck_assert_ptr_nonnull(strstr(by_officer, "\n指导人员：赵警官（警号 061234）\n"));
    doc.document.officer_badge = NULL;
    g_autofree char *by_auxiliary = kc_agreement_render(&doc, &WORDING);
    ck_assert_ptr_nonnull(strstr(by_auxiliary, "\n指导人员：赵警官\n"));
}
END_TEST

static Suite *
agreement_suite(void)
{
    Suite *suite = suite_create("domain/agreement");
    TCase *tcase = tcase_create("agreement");
    tcase_add_test(tcase, a_complete_agreement_has_no_findings);
    tcase_add_test(tcase, each_party_says_who_it_is);
    tcase_add_test(tcase, nobody_settles_alone);
    tcase_add_test(tcase, who_cannot_tell_asks_an_officer);
    tcase_add_test(tcase, compensation_fits_itself);
    tcase_add_test(tcase, payments_are_between_two_parties);
    tcase_add_test(tcase, what_has_changed_is_named);
    tcase_add_test(tcase, the_text_is_the_kept_one);
    tcase_add_test(tcase, who_guides_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(agreement_suite())
