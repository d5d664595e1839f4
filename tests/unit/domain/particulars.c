#include "src/base/json.h"
#include "src/domain/particulars.h"
#include "tests/support/kc_test.h"

#include <string.h>

START_TEST(plates)
{
    static const struct {
        const char *type;
        const char *plate;
        gboolean good;
    } cases[] = {
        {"02", "陕H12345", TRUE},    {"02", "陕HA2B45", TRUE},   {"02", "京A00000", TRUE},
        {"02", "陕H1234", FALSE},    {"02", "陕H123456", FALSE}, {"02", "陕H1234I", FALSE},
        {"02", "陕H1234O", FALSE},   {"02", "陕h12345", FALSE}, /* not normalised */
        {"02", "H12345", FALSE},     {"02", "美H12345", FALSE},  {"02", "陕112345", FALSE},
        {"02", "陕H12345\n", FALSE}, {"02", "陕HD12345", FALSE}, {"02", "", FALSE},
        {"02", NULL, FALSE},         {"01", "陕H12345", TRUE},   {"52", "陕HD12345", TRUE},
        {"52", "陕HFA2345", TRUE},   {"52", "陕HK12345", TRUE},  {"52", "陕HL12345", FALSE},
        {"52", "陕HI12345", FALSE},  {"52", "陕H12345D", FALSE}, {"52", "陕H12345", FALSE},
        {"51", "陕H12345D", TRUE},   {"51", "陕HD12345", FALSE}, {"51", "陕H1234AD", FALSE},
        {"15", "陕H1234挂", TRUE},   {"15", "陕H12345", FALSE},  {"16", "陕H1234学", TRUE},
        {"16", "陕H1234挂", FALSE},  {"23", "陕H1234警", TRUE},  {"03", "使123456", TRUE},
        {"03", "123456使", TRUE},    {"03", "使12345", FALSE},   {"04", "沪A1234领", TRUE},
        {"14", "陕0112345", TRUE},   {"14", "陕H12345", TRUE},   {"20", "陕H12345临", TRUE},
        {"22", "临陕H12345", TRUE},  {"26", "粤ZA123港", TRUE},  {"26", "粤ZA123澳", FALSE},
        {"27", "粤ZA123澳", TRUE},   {"31", "WJ陕1234X", TRUE},  {"31", "陕H12345", FALSE},
        {"32", "VA12345", TRUE},     {"41", NULL, TRUE},         {"41", "", TRUE},
        {"41", "陕H12345", FALSE},   {"09", "使123456", TRUE},   {"17", "陕H1234学", TRUE},
        {"24", "陕H1234警", TRUE},   {"25", "", FALSE},          {"42", "陕H00000X", TRUE},
        {"43", "看不清", TRUE},      {"99", "TEMP1", TRUE},      {"99", "一二三四五六七八九十一二三", FALSE},
        {"99", "", FALSE},           {NULL, "陕H12345", TRUE},   {NULL, "陕HD12345", TRUE},
        {NULL, "陕H1234学", TRUE},   {NULL, "12345", FALSE},     {"02", "\xff\xfe", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const KcParticularsProblem *message = kc_plate_number_check(cases[i].plate, cases[i].type);
        ck_assert_msg((message == NULL) == cases[i].good, "row %u: type %s plate %s: %s", i, cases[i].type,
                      cases[i].plate, message == NULL ? "taken" : message->en);
        if (message != NULL)
            ck_assert(g_utf8_validate(message->zh, -1, NULL) && message->en[0] != '\0');
    }
}
END_TEST

typedef struct {
    const char *field;
    char *(*normalize)(const char *text);
    const KcParticularsProblem *(*check)(const char *text);
} Validator;

static const Validator VALIDATORS[] = {
    {"plate_number", kc_plate_number_normalize, NULL}, /* checked with its type */
    {"phone", kc_phone_normalize, kc_phone_check},
    {"id_number", kc_id_number_normalize, kc_id_number_check},
    {"licence_number", kc_licence_number_normalize, kc_licence_number_check},
    {"insurer", kc_insurer_normalize, kc_insurer_check},
    {"insurance_certificate", kc_certificate_normalize, kc_certificate_check},
};

static const Validator *
validator_of(const char *field)
{
    for (guint i = 0; i < G_N_ELEMENTS(VALIDATORS); i++)
        if (strcmp(VALIDATORS[i].field, field) == 0)
            return &VALIDATORS[i];
    ck_abort_msg("no validator of %s", field);
}

static void
check_vector(const json_t *vector)
{
    const char *field = json_string_value(json_object_get(vector, "field"));
    const char *typed = json_string_value(json_object_get(vector, "typed"));
    const char *wanted = json_string_value(json_object_get(vector, "problem"));
    const Validator *validator = validator_of(field);
    g_autofree char *normal = validator->normalize(typed);
    const char *type = json_string_value(json_object_get(vector, "plate_type"));
    const KcParticularsProblem *problem =
        validator->check != NULL ? validator->check(normal) : kc_plate_number_check(normal, type);
    ck_assert_str_eq(normal, json_string_value(json_object_get(vector, "becomes")));
    ck_assert_msg(g_strcmp0(problem != NULL ? problem->code : NULL, wanted) == 0, "%s \"%s\" (type %s): %s, not %s",
                  field, typed, type, problem != NULL ? problem->code : "good", wanted != NULL ? wanted : "good");
    g_autofree char *again = validator->normalize(normal);
    ck_assert_str_eq(again, normal);
}

/* The same table holds the pages. */
START_TEST(typed_particulars)
{
    json_error_t error;
    g_autoptr(json_t) root = json_load_file(KC_VECTORS "/particulars.json", JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "%s", error.text);
    const json_t *cases = json_object_get(root, "cases");
    ck_assert_uint_gt(json_array_size(cases), 100);
    size_t i;
    json_t *vector;
    json_array_foreach(cases, i, vector)
    {
        check_vector(vector);
    }
}
END_TEST

START_TEST(normalised)
{
    g_autofree char *plate = kc_plate_number_normalize(" 陕h·12 3-4a ");
    ck_assert_str_eq(plate, "陕H1234A");
    g_autofree char *phone = kc_phone_normalize("+86 138-0000-0000");
    ck_assert_str_eq(phone, "13800000000");
    g_autofree char *other_phone = kc_phone_normalize("008613800000000");
    ck_assert_str_eq(other_phone, "13800000000");
    ck_assert_ptr_null(kc_plate_number_normalize(NULL));
    ck_assert_ptr_null(kc_phone_normalize(NULL));
    g_autofree char *garbage = kc_plate_number_normalize("\xff\xfe");
    ck_assert_ptr_nonnull(kc_plate_number_check(garbage, "02"));
}
END_TEST

START_TEST(phones)
{
    static const char *const good[] = {"13800000000", "19912345678", "16600000000"};
    static const char *const bad[] = {
        NULL, "", "12800000000", "1380000000", "138000000000", "23800000000", "1380000000a", "１３８００００００００"};
    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        ck_assert_ptr_null(kc_phone_check(good[i]));
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_ptr_nonnull(kc_phone_check(bad[i]));
}
END_TEST

START_TEST(identity_numbers)
{
    /* Made up: the area code of the prefecture or of Beijing, dates of no one in particular, computed check digits. */
    static const char *const good[] = {"612501199001011239", "11010119900307889X", "61100219880229018X"};
    static const struct {
        const char *number;
        const char *says;
    } bad[] = {
        {"612501199001011238", "check digit"},
        {"612501199001012139", "check digit"},
        {"612501199013011239", "birth date"},
        {"612501199002301239", "birth date"},
        {"612501189912311239", "birth date"},
        {"612501198702291239", "birth date"},
        {"61250119900101123", "18 characters"},
        {"6125011990010112399", "18 characters"},
        {"11010119900307889x", "18 characters"},
        {"61250119900101123A", "18 characters"},
        {"012501199001011239", "18 characters"},
        {"", "18 characters"},
        {NULL, "18 characters"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        ck_assert_ptr_null(kc_id_number_check(good[i]));
        ck_assert_ptr_null(kc_licence_number_check(good[i]));
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        const KcParticularsProblem *message = kc_id_number_check(bad[i].number);
        ck_assert_msg(message != NULL, "%s is taken", bad[i].number);
        ck_assert_msg(strstr(message->en, bad[i].says) != NULL, "%s: %s", bad[i].number, message->en);
    }
}
END_TEST

START_TEST(every_changed_digit_is_noticed)
{
    const char *number = "612501199001011239";
    for (guint at = 0; at < 17; at++)
        for (char digit = '0'; digit <= '9'; digit++) {
            g_autofree char *changed = g_strdup(number);
            changed[at] = digit;
            ck_assert((kc_id_number_check(changed) == NULL) == (digit == number[at]));
        }
}
END_TEST

START_TEST(licence_numbers)
{
    static const char *const good[] = {"612501199001011239", "E12345678", "JUN2026001"};
    static const char *const bad[] = {NULL, "", "12345", "612501199001011238", "E1234_5678", "123456789012345678901"};
    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        ck_assert_ptr_null(kc_licence_number_check(good[i]));
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_ptr_nonnull(kc_licence_number_check(bad[i]));
}
END_TEST

START_TEST(names_of_persons)
{
    g_autofree char *fifty = g_strnfill(50, 'a');
    g_autofree char *more = g_strnfill(51, 'a');
    ck_assert_ptr_null(kc_person_name_check("张三"));
    ck_assert_ptr_null(kc_person_name_check("阿卜杜拉·买买提"));
    ck_assert_ptr_null(kc_person_name_check(fifty));
    static const char *const bad[] = {NULL, "", " ", "　", "张\n三", "a\x7f", "\xff"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(kc_person_name_check(bad[i]) != NULL, "row %u", i);
    ck_assert_ptr_nonnull(kc_person_name_check(more));
}
END_TEST

static Suite *
particulars_suite(void)
{
    Suite *suite = suite_create("domain/particulars");
    TCase *tcase = tcase_create("forms");
    tcase_add_test(tcase, plates);
    tcase_add_test(tcase, typed_particulars);
    tcase_add_test(tcase, normalised);
    tcase_add_test(tcase, phones);
    tcase_add_test(tcase, identity_numbers);
    tcase_add_test(tcase, every_changed_digit_is_noticed);
    tcase_add_test(tcase, licence_numbers);
    tcase_add_test(tcase, names_of_persons);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(particulars_suite())
