/* Particulars of a party: checked for form by the domain, codes by the rules, and normalised before they are kept. */
#include "src/app/internal.h"
#include "src/domain/particulars.h"

#define FIELD(name)                                                                                                    \
    {                                                                                                                  \
        #name, G_STRUCT_OFFSET(KcParticulars, name), G_STRUCT_OFFSET(KcParty, name)                                    \
    }

const KcParticularField kc_app_particular_fields[] = {
    FIELD(name),           FIELD(phone),   FIELD(id_number),             FIELD(plate_number), FIELD(plate_type), FIELD(vehicle_type),
    FIELD(licence_number), FIELD(insurer), FIELD(insurance_certificate), {NULL, 0, 0},
};

typedef struct {
    const KcApp *app;
    const char *prefix;
    KcResult *result;
} Check;

static void
bad(const Check *check, const char *field, const char *zh, const char *en)
{
    g_autofree char *pointer = g_strconcat(check->prefix, "/", field, NULL);
    g_autofree char *message = g_strconcat(zh, " / ", en, NULL);
    kc_refuse_field(check->result, pointer, message);
}

/* NULL leaves what is there, "" takes it away. */
static void
set(char **slot, const char *value)
{
    if (value == NULL)
        return;
    g_free(*slot);
    *slot = value[0] != '\0' ? g_strdup(value) : NULL;
}

static void
set_text(const Check *check, const char *field, char **slot, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *trimmed = g_strstrip(g_strdup(value));
    if (g_utf8_strlen(trimmed, -1) > KC_LIMIT_SHORT_TEXT_CHARS)
        bad(check, field, "内容过长", "too long");
    else
        set(slot, trimmed);
}

static void
set_code(const Check *check, const char *field, KcCodeList list, char **slot, const char *value)
{
    if (value == NULL)
        return;
    if (value[0] != '\0' && kc_rules_code(check->app->rules, list, value, NULL) == NULL)
        bad(check, field, "代码不存在", "no such code");
    else
        set(slot, value);
}

static void
set_plate(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *plate = kc_plate_number_normalize(value);
    const char *type = party->plate_type;
    __auto_type problem = plate[0] != '\0' ? kc_plate_number_check(plate, type) : NULL;
    if (problem != NULL)
        bad(check, "plate_number", problem->zh, problem->en);
    else
        set(&party->plate_number, plate);
}

static void
set_phone(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *phone = kc_phone_normalize(value);
    __auto_type problem = phone[0] != '\0' ? kc_phone_check(phone) : NULL;
    if (problem != NULL)
        bad(check, "phone", problem->zh, problem->en);
    else
        set(&party->phone, phone);
}

static void
set_name(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *name = g_strstrip(g_strdup(value));
    __auto_type problem = name[0] != '\0' ? kc_person_name_check(name) : NULL;
    if (problem != NULL)
        bad(check, "name", problem->zh, problem->en);
    else
        set(&party->name, name);
}

static void
set_licence(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *licence = g_ascii_strup(value, -1);
    g_strstrip(licence);
    __auto_type problem = licence[0] != '\0' ? kc_licence_number_check(licence) : NULL;
    if (problem != NULL)
        bad(check, "licence_number", problem->zh, problem->en);
    else
        set(&party->licence_number, licence);
}

static void
set_id_number(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *number = g_ascii_strup(value, -1);
    g_strstrip(number);
    __auto_type problem = number[0] != '\0' ? kc_id_number_check(number) : NULL;
    if (problem != NULL)
        bad(check, "id_number", problem->zh, problem->en);
    else
        set(&party->id_number, number);
}

json_t *
kc_app_particulars_named(const KcParticulars *particulars)
{
    json_t *list = json_array();
    for (const KcParticularField *field = kc_app_particular_fields; field->name != NULL; field++)
        if (G_STRUCT_MEMBER(const char *, particulars, field->said) != NULL)
            json_array_append_new(list, json_string(field->name));
    return list;
}

gboolean
kc_app_apply_particulars(const KcApp *app, const KcParticulars *particulars, const char *prefix, KcParty *party,
                         KcResult *result)
{
    Check check = {app, prefix, result};
    set_code(&check, "plate_type", KC_CODES_PLATE_TYPE, &party->plate_type, particulars->plate_type);
    set_code(&check, "vehicle_type", KC_CODES_VEHICLE_TYPE, &party->vehicle_type, particulars->vehicle_type);
    set_plate(&check, party, particulars->plate_number);
    set_phone(&check, party, particulars->phone);
    set_name(&check, party, particulars->name);
    set_licence(&check, party, particulars->licence_number);
    set_id_number(&check, party, particulars->id_number);
    set_text(&check, "insurer", &party->insurer, particulars->insurer);
    set_text(&check, "insurance_certificate", &party->insurance_certificate, particulars->insurance_certificate);
    return result->kind == KC_RESULT_OK;
}
