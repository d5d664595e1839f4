/* Plate forms follow GA 36-2018. Letters I and O never stand in the serial part of a civil plate, so that they can't be
 * taken for 1 and 0. The table is ordered by the hpzl code. */
#include "src/domain/particulars.h"

#include <string.h>

#define PROVINCE "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
#define CIVIL "[A-HJ-NP-Z0-9]"
#define ENERGY_LETTER "[A-HJK]"

typedef struct {
    const char *plate_type; /* NULL: stands for every type not named */
    const char *pattern;
    KcParticularsProblem message;
} PlateForm;

static const PlateForm PLATE_FORMS[] = {
    {"03",
     "^(使[0-9]{6}|[0-9]{6}使)$",
     {"plate_form", "使馆号牌为6位数字加“使”字，例如“使123456”。", "An embassy plate is six digits with 使, such as 使123456."}},
    {"04",
     "^" PROVINCE "[A-Z]" CIVIL "{4,5}领$",
     {"plate_form", "领馆号牌以“领”字结尾，例如“沪A1234领”。", "A consulate plate ends in 领, such as 沪A1234领."}},
    {"14",
     "^" PROVINCE "([0-9]{2}|[A-Z])" CIVIL "{5}$",
     {"plate_form", "拖拉机号牌为省份简称、2位数字和5位字符，例如“陕0112345”。",
      "A tractor plate is the province, two digits and five characters, such as 陕0112345."}},
    {"15",
     "^" PROVINCE "[A-Z]" CIVIL "{4}挂$",
     {"plate_form", "挂车号牌以“挂”字结尾，例如“陕H1234挂”。", "A trailer plate ends in 挂, such as 陕H1234挂."}},
    {"16",
     "^" PROVINCE "[A-Z]" CIVIL "{4}学$",
     {"plate_form", "教练汽车号牌以“学”字结尾，例如“陕H1234学”。", "A training plate ends in 学, such as 陕H1234学."}},
    {"20",
     "^(临)?" PROVINCE "[A-Z]" CIVIL "{4,6}(临)?$",
     {"plate_form", "临时入境号牌格式不正确，例如“陕H12345临”。", "A temporary entry plate looks like 陕H12345临."}},
    {"22",
     "^(临)?" PROVINCE "[A-Z]" CIVIL "{4,6}(临)?$",
     {"plate_form", "临时行驶车号牌格式不正确，例如“陕H12345临”。", "A temporary plate looks like 陕H12345临."}},
    {"23",
     "^" PROVINCE "[A-Z]" CIVIL "{4}警$",
     {"plate_form", "警用号牌以“警”字结尾，例如“陕H1234警”。", "A police plate ends in 警, such as 陕H1234警."}},
    {"26",
     "^粤Z" CIVIL "{4}港$",
     {"plate_form", "香港入出境号牌为“粤Z”加4位字符和“港”字。", "A Hong Kong plate is 粤Z, four characters and 港."}},
    {"27",
     "^粤Z" CIVIL "{4}澳$",
     {"plate_form", "澳门入出境号牌为“粤Z”加4位字符和“澳”字。", "A Macao plate is 粤Z, four characters and 澳."}},
    {"31",
     "^WJ" PROVINCE "?[0-9]{4,5}[A-Z]?$",
     {"plate_form", "武警号牌以“WJ”开头，例如“WJ陕1234X”。", "An armed police plate begins with WJ, such as WJ陕1234X."}},
    {"32",
     "^[A-Z\\p{Han}]{2}[A-Z0-9]{5}$",
     {"plate_form", "军队号牌为2位字头和5位字符，例如“VA12345”。",
      "A military plate is a prefix of two and five characters, such as VA12345."}},
    {"51",
     "^" PROVINCE "[A-Z][0-9]{5}" ENERGY_LETTER "$",
     {"plate_form", "大型新能源汽车号牌共8位，末位为字母，例如“陕H12345D”。",
      "A large new-energy plate has eight characters and ends in a letter, such as 陕H12345D."}},
    {"52",
     "^" PROVINCE "[A-Z]" ENERGY_LETTER CIVIL "[0-9]{4}$",
     {"plate_form", "小型新能源汽车号牌共8位，第三位为字母，例如“陕HD12345”。",
      "A small new-energy plate has eight characters, the third being a letter, such as 陕HD12345."}},
    {NULL,
     "^" PROVINCE "[A-Z]" CIVIL "{5}$",
     {"plate_form", "号牌为省份简称、1位字母和5位字符（不含I、O），例如“陕H12345”。新能源汽车请选择新能源号牌种类。",
      "A plate is the province, a letter and five characters without I and O, such as 陕H12345. For eight characters "
      "choose a new-energy plate type."}},
};

/* Types whose number has no form that we know (rare plates of motorcycles, test cars and old farm machines), or can't
 * be trusted to have any: false, another's, other. */
static const char *const FREE_FORM_TYPES[] = {"09", "10", "11", "12", "17", "18", "19",
                                              "21", "24", "25", "42", "43", "99", NULL};

static gboolean
matches(const char *pattern, const char *text)
{
    /* DOLLAR_ENDONLY: a trailing line feed is no part of a good number. */
    return g_utf8_validate(text, -1, NULL) && g_regex_match_simple(pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* The sign that a full-width one stands for. */
static gunichar
half_width(gunichar c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    return c == 0x3000 ? ' ' : c;
}

/* A copy in which only what is no separator is left; half width, upper case. */
static char *
squeeze(const char *text, const char *separators)
{
    if (text == NULL || !g_utf8_validate(text, -1, NULL))
        return g_strdup(text);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = half_width(g_utf8_get_char(p));
        if (!g_unichar_isspace(c) && g_utf8_strchr(separators, -1, c) == NULL)
            g_string_append_unichar(out, c < 128 ? (gunichar)g_ascii_toupper((char)c) : c);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Where only digits can stand, letters that look like them are slips of the finger. */
static void
letters_to_digits(char *text, gsize len)
{
    for (gsize i = 0; i < len; i++) {
        if (text[i] == 'O')
            text[i] = '0';
        else if (text[i] == 'I')
            text[i] = '1';
    }
}

#define DASHES "-\u2010\u2013\u2014"

char *
kc_plate_number_normalize(const char *text)
{
    char *plate = squeeze(text, "·•." DASHES);
    if (plate != NULL && matches("^" PROVINCE "[A-Z]", plate)) {
        char *serial = g_utf8_offset_to_pointer(plate, 2);
        letters_to_digits(serial, strlen(serial));
    }
    return plate;
}

static const PlateForm *
form_of(const char *plate_type)
{
    for (guint i = 0; i < G_N_ELEMENTS(PLATE_FORMS); i++)
        if (PLATE_FORMS[i].plate_type == NULL || g_strcmp0(PLATE_FORMS[i].plate_type, plate_type) == 0)
            return &PLATE_FORMS[i];
    g_assert_not_reached();
}

static gboolean
matches_any_form(const char *plate_number)
{
    for (guint i = 0; i < G_N_ELEMENTS(PLATE_FORMS); i++)
        if (matches(PLATE_FORMS[i].pattern, plate_number))
            return TRUE;
    return FALSE;
}

const KcParticularsProblem *
kc_plate_number_check(const char *plate_number, const char *plate_type)
{
    static const KcParticularsProblem empty = {
        "plate_missing", "请填写号牌号码；没有号牌的，号牌种类选“无号牌”。",
        "The plate number is missing; without a plate choose the type 'no plate'."};
    static const KcParticularsProblem not_empty = {"plate_not_empty", "号牌种类为“无号牌”时，不填写号牌号码。",
                                                   "With the type 'no plate' there is no plate number."};
    static const KcParticularsProblem too_long = {"plate_long", "号牌号码过长。", "The plate number is too long."};
    gboolean is_empty = plate_number == NULL || *plate_number == '\0';

    if (g_strcmp0(plate_type, "41") == 0)
        return is_empty ? NULL : &not_empty;
    if (is_empty)
        return &empty;
    if (!g_utf8_validate(plate_number, -1, NULL) || g_utf8_strlen(plate_number, -1) > 12)
        return &too_long;
    if (plate_type != NULL && g_strv_contains(FREE_FORM_TYPES, plate_type))
        return NULL;
    const PlateForm *form = form_of(plate_type);
    gboolean good = plate_type == NULL ? matches_any_form(plate_number) : matches(form->pattern, plate_number);
    return good ? NULL : &form->message;
}

char *
kc_phone_normalize(const char *text)
{
    g_autofree char *digits = squeeze(text, "()" DASHES);
    if (digits == NULL)
        return NULL;
    letters_to_digits(digits, strlen(digits));
    const char *rest = digits;
    if (g_str_has_prefix(digits, "+86"))
        rest = digits + 3;
    else if (g_str_has_prefix(digits, "0086"))
        rest = digits + 4;
    return g_strdup(rest);
}

const KcParticularsProblem *
kc_phone_check(const char *phone)
{
    static const KcParticularsProblem bad = {
        "phone_form", "请填写11位手机号码，例如13800000000；固定电话请带区号。",
        "A mobile number has 11 digits, such as 13800000000; a fixed line needs its area code."};
    gboolean good = phone != NULL &&
                    (matches("^1[3-9][0-9]{9}$", phone) || matches("^0[1-9][0-9]{1,2}[2-8][0-9]{6,7}$", phone) ||
                     matches("^\\+[1-9][0-9]{7,14}$", phone));
    return good ? NULL : &bad;
}

/* The last sign may be an X, which is also typed as a cross. */
char *
kc_id_number_normalize(const char *text)
{
    g_autofree char *id = squeeze(text, DASHES);
    if (id == NULL || !g_utf8_validate(id, -1, NULL))
        return g_steal_pointer(&id);
    g_autoptr(GString) plain = g_string_new(id);
    g_string_replace(plain, "×", "X", 0);
    g_string_replace(plain, "*", "X", 0);
    if (plain->len == 18)
        letters_to_digits(plain->str, 17);
    return g_string_free(g_steal_pointer(&plain), FALSE);
}

/* ISO 7064 MOD 11-2, as GB 11643-1999 applies it: the remainder of the weighted sum chooses the last character. */
static char
id_check_digit(const char *id_number)
{
    static const int WEIGHTS[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (guint i = 0; i < G_N_ELEMENTS(WEIGHTS); i++)
        sum += (id_number[i] - '0') * WEIGHTS[i];
    return "10X98765432"[sum % 11];
}

/* Of a foreigner: one or two letters, seven or eight digits. */
#define PASSPORT "^[A-Z]{1,2}[0-9]{7,8}$"

static int
number_at(const char *text, gsize from, gsize len)
{
    int value = 0;
    for (gsize i = from; i < from + len; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

const KcParticularsProblem *
kc_id_number_check(const char *id_number)
{
    static const KcParticularsProblem form = {"id_form", "身份证号码为18位，前17位为数字，末位为数字或X。",
                                              "An identity number has 18 characters: 17 digits, then a digit or X."};
    static const KcParticularsProblem date = {"id_date", "身份证号码中的出生日期不存在。",
                                              "The birth date in the identity number does not exist."};
    static const KcParticularsProblem check = {"id_check", "身份证号码有误，请逐位核对（校验位不符）。",
                                               "The identity number is mistyped: its check digit does not fit."};

    if (id_number != NULL && matches(PASSPORT, id_number))
        return NULL;
    if (id_number == NULL || !matches("^[1-9][0-9]{16}[0-9X]$", id_number))
        return &form;
    int year = number_at(id_number, 6, 4);
    int month = number_at(id_number, 10, 2);
    int day = number_at(id_number, 12, 2);
    if (year < 1900 || year > 2099 || month < 1 || month > 12 || !g_date_valid_dmy((GDateDay)day, month, year))
        return &date;
    return id_number[17] == id_check_digit(id_number) ? NULL : &check;
}

char *
kc_licence_number_normalize(const char *text)
{
    return kc_id_number_normalize(text);
}

const KcParticularsProblem *
kc_licence_number_check(const char *licence_number)
{
    static const KcParticularsProblem form = {
        "licence_form", "驾驶证号为6至20位字母和数字，一般与身份证号码相同。",
        "A licence number has 6 to 20 letters and digits, usually the identity number."};

    if (licence_number == NULL || !matches("^[A-Z0-9]{6,20}$", licence_number))
        return &form;
    return matches("^[0-9]{17}[0-9X]$", licence_number) ? kc_id_number_check(licence_number) : NULL;
}

const KcParticularsProblem *
kc_person_name_check(const char *name)
{
    static const KcParticularsProblem bad = {"name_form", "请填写姓名，1至50个字符。", "A name has 1 to 50 characters."};

    if (name == NULL || !g_utf8_validate(name, -1, NULL))
        return &bad;
    glong length = g_utf8_strlen(name, -1);
    if (length < 1 || length > 50)
        return &bad;
    gboolean visible = FALSE;
    for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return &bad;
        visible = visible || !g_unichar_isspace(g_utf8_get_char(p));
    }
    return visible ? NULL : &bad;
}

char *
kc_insurer_normalize(const char *text)
{
    return text == NULL ? NULL : g_strstrip(g_strdup(text));
}

const KcParticularsProblem *
kc_insurer_check(const char *insurer)
{
    static const KcParticularsProblem bad = {"insurer_form", "请填写保险公司名称，例如人保财险。",
                                             "Name the insurance company, such as 人保财险."};
    gboolean good = insurer != NULL && g_utf8_validate(insurer, -1, NULL) && g_utf8_strlen(insurer, -1) >= 2 &&
                    g_utf8_strlen(insurer, -1) <= 40 && !matches("^[0-9]*$", insurer) &&
                    !matches("[[:cntrl:]]", insurer);
    return good ? NULL : &bad;
}

char *
kc_certificate_normalize(const char *text)
{
    return squeeze(text, DASHES);
}

const KcParticularsProblem *
kc_certificate_check(const char *certificate)
{
    static const KcParticularsProblem bad = {
        "certificate_form", "交强险保险单号为10至30位字母和数字，见保险单或电子保单。",
        "The number of the compulsory insurance has 10 to 30 letters and digits; it stands on the policy."};
    gboolean good = certificate != NULL && matches("^[A-Z0-9]{10,30}$", certificate) &&
                    matches("([0-9].*){6}", certificate);
    return good ? NULL : &bad;
}
