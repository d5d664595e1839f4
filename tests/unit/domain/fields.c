/* Every field and every role, as a matrix: '-' nothing, 'o' own, 'A' all. */
#include "src/domain/fields.h"
#include "tests/support/kc_test.h"

/* Columns: anonymous, intake operator, officer, supervisor, auditor, admin, integration, party; then the guests: emergency,
 * interpreter, insurer, supervisor. */
static const struct {
    KcField field;
    const char *row;
} MATRIX[] = {
    {KC_FIELD_NAME, /*                 */ "-AAAA--o---A"},
    {KC_FIELD_PHONE, /*                */ "-AAAA--o---A"},
    {KC_FIELD_ID_NUMBER, /*            */ "-AAAA--o---A"},
    {KC_FIELD_LICENCE_NUMBER, /*       */ "-AAAA--o---A"},
    {KC_FIELD_INSURER, /*              */ "-AAAA--o---A"},
    {KC_FIELD_INSURANCE_CERTIFICATE, /**/ "-AAAA--o---A"},
    {KC_FIELD_KIND, /*                 */ "-AAAA-AA---A"},
    {KC_FIELD_PLATE_NUMBER, /*         */ "-AAAA-AA---A"},
    {KC_FIELD_PLATE_TYPE, /*           */ "-AAAA-AA---A"},
    {KC_FIELD_VEHICLE_TYPE, /*         */ "-AAAA-AA---A"},
    {KC_FIELD_PRESENCE, /*             */ "-AAAA--o---A"},
    {KC_FIELD_STATEMENT, /*            */ "-AAAA--o---A"},
    {KC_FIELD_SIGNATURE, /*            */ "-AAAA--o---A"},
    {KC_FIELD_PAPERS, /*               */ "-AAAA--o---A"},
    {KC_FIELD_CONSENTS, /*             */ "-AAAA--o---A"},
    {KC_FIELD_SERVICE, /*              */ "-AAAA--o---A"},
    {KC_FIELD_REVIEW_REQUEST, /*       */ "-AAAA--o---A"},
    {KC_FIELD_PAUSE, /*                */ "-ooAA--o---A"},
    {KC_FIELD_DEADLINES, /*            */ "-AAAA--o---A"},
    {KC_FIELD_POSITION, /*             */ "-AAAA-AA---A"},
    {KC_FIELD_REPORTER_PHONE, /*       */ "-AAAA------A"},
    {KC_FIELD_ON_SCENE_REASON, /*      */ "-AAAA------A"},
    {KC_FIELD_DRAFT, /*                */ "-AAAA------A"},
    {KC_FIELD_POLICE_DEADLINES, /*     */ "-AAAA------A"},
};

START_TEST(every_field_and_role)
{
    static const char letters[] = {[KC_GRANT_NONE] = '-', [KC_GRANT_OWN] = 'o', [KC_GRANT_ALL] = 'A'};
    ck_assert_uint_eq(G_N_ELEMENTS(MATRIX), KC_FIELD_COUNT);
    for (guint i = 0; i < G_N_ELEMENTS(MATRIX); i++) {
        ck_assert_uint_eq(MATRIX[i].field, i);
        for (guint role = 0; role < KC_ROLE_COUNT; role++) {
            KcGrant grant = kc_field_grant(role, i);
            ck_assert_msg(letters[grant] == MATRIX[i].row[role], "%s to %s is %c", kc_field_to_string(i),
                          kc_role_to_string(role), letters[grant]);
            ck_assert(kc_field_is_visible(role, i, TRUE) == (grant != KC_GRANT_NONE));
            ck_assert(kc_field_is_visible(role, i, FALSE) == (grant == KC_GRANT_ALL));
        }
    }
}
END_TEST

/* Who reads no case sees nothing of one. */
START_TEST(no_field_without_a_case)
{
    for (guint role = 0; role < KC_ROLE_COUNT; role++)
        for (guint field = 0; field < KC_FIELD_COUNT; field++)
            ck_assert(kc_role_may(role, KC_ACTION_READ_CASE) || kc_field_grant(role, field) == KC_GRANT_NONE);
}
END_TEST

START_TEST(names_read_back)
{
    KcField field = KC_FIELD_COUNT;
    for (guint i = 0; i < KC_FIELD_COUNT; i++) {
        ck_assert(kc_field_from_string(kc_field_to_string(i), &field));
        ck_assert_uint_eq(field, i);
    }
    ck_assert(!kc_field_from_string("shoe_size", &field));
    ck_assert(!kc_field_from_string(NULL, &field));
}
END_TEST

static Suite *
fields_suite(void)
{
    Suite *suite = suite_create("domain/fields");
    TCase *all = tcase_create("fields");
    tcase_add_test(all, every_field_and_role);
    tcase_add_test(all, no_field_without_a_case);
    tcase_add_test(all, names_read_back);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(fields_suite())
