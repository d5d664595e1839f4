#include "src/domain/grade.h"

#include "src/base/names.h"

static const char *const NAMES[] = {"none", "junior", "middle", "senior"};
static const char *const ZH[] = {"无等级", "初级", "中级", "高级"};

const char *
kc_grade_to_string(KcGrade grade)
{
    g_assert(grade < G_N_ELEMENTS(NAMES));
    return grade == KC_GRADE_NONE ? NULL : NAMES[grade];
}

gboolean
kc_grade_from_string(const char *text, KcGrade *ret_grade)
{
    int index = text == NULL ? KC_GRADE_NONE : kc_names_find(NAMES, G_N_ELEMENTS(NAMES), text);
    if (index >= 0)
        *ret_grade = (KcGrade)index;
    return index >= 0 && (text == NULL || index > KC_GRADE_NONE);
}

const char *
kc_grade_zh(KcGrade grade)
{
    g_assert(grade < G_N_ELEMENTS(ZH));
    return ZH[grade];
}
