/* The grade of an officer's qualification for handling accidents. An accident in which somebody is hurt is led by one of
 * the junior grade at least (Order 146, art. 5); which grade a case needs is data (schema/rules/eligibility.json). Pure;
 * thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    KC_GRADE_NONE, /* trained and examined for the simplified procedure, no more */
    KC_GRADE_JUNIOR,
    KC_GRADE_MIDDLE,
    KC_GRADE_SENIOR,
} KcGrade;

/* "junior" 初级, "middle" 中级, "senior" 高级; NULL for KC_GRADE_NONE. */
const char *kc_grade_to_string(KcGrade grade);
/* NULL is KC_GRADE_NONE. */
gboolean kc_grade_from_string(const char *text, KcGrade *ret_grade);
/* As the qualification is called; never NULL. */
const char *kc_grade_zh(KcGrade grade);
