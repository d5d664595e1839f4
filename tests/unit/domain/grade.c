#include "src/domain/grade.h"
#include "tests/support/kc_test.h"

START_TEST(grades_rise_and_read_back)
{
    KcGrade back;
    ck_assert(KC_GRADE_NONE < KC_GRADE_JUNIOR && KC_GRADE_JUNIOR < KC_GRADE_MIDDLE && KC_GRADE_MIDDLE < KC_GRADE_SENIOR);
    for (guint grade = KC_GRADE_NONE; grade <= KC_GRADE_SENIOR; grade++) {
        ck_assert(kc_grade_from_string(kc_grade_to_string(grade), &back));
        ck_assert_uint_eq(back, grade);
        ck_assert(kc_grade_zh(grade)[0] != '\0');
    }
    ck_assert(!kc_grade_from_string("none", &back) && !kc_grade_from_string("", &back));
}
END_TEST

static Suite *
grade_suite(void)
{
    Suite *suite = suite_create("domain/grade");
    TCase *tcase = tcase_create("grade");
    tcase_add_test(tcase, grades_rise_and_read_back);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(grade_suite())
