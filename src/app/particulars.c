/* Particulars of a party: checked for form by the domain, codes by the rules, and normalised before they are kept. */
#include "src/app/internal.h"
#include "src/domain/particulars.h"

#define FIELD(name)                                                                                                    \
    {                                                                                                                  \
        #name, G_STRUCT_OFFSET(KcParticulars, name), G_STRUCT_OFFSET(KcParty, name)                                    \
    }

const KcParticularField kc_app_particular_fields[] = {
    FIELD(kind),         FIELD(name),       FIELD(phone),          FIELD(id_number),
    FIELD(plate_number), FIELD(plate_type), FIELD(vehicle_type),   FIELD(licence_number),
    FIELD(insurer),      FIELD(insurance_certificate), {NULL, 0, 0},
};

typedef struct {
    const KcRules *rules;
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
set_code(const Check *check, const char *field, KcCodeList list, char **slot, const char *value)
{
    if (value == NULL)
        return;
    if (value[0] != '\0' && kc_rules_code(check->rules, list, value, NULL) == NULL)
        bad(check, field, "代码不存在", "no such code");
    else
        set(slot, value);
}

typedef char *(*Normalize)(const char *text);
typedef const KcParticularsProblem *(*CheckText)(const char *text);

static void
set_checked(const Check *check, const char *field, char **slot, const char *value, Normalize normalize,
            CheckText check_text)
{
    if (value == NULL)
        return;
    g_autofree char *text = normalize(value);
    const KcParticularsProblem *problem = text[0] != '\0' ? check_text(text) : NULL;
    if (problem != NULL)
        bad(check, field, problem->zh, problem->en);
    else
        set(slot, text);
}

static char *
trimmed(const char *text)
{
    return g_strstrip(g_strdup(text));
}

/* A short name of the list becomes the list's own; another company's name may be right as well. */
static void
set_insurer(const Check *check, KcParty *party, const char *value)
{
    set_checked(check, "insurer", &party->insurer, value, kc_insurer_normalize, kc_insurer_check);
    const KcInsurer *known = party->insurer != NULL ? kc_rules_insurer(check->rules, party->insurer) : NULL;
    if (known != NULL)
        set(&party->insurer, known->zh);
}

static void
set_plate(const Check *check, KcParty *party, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *plate = kc_plate_number_normalize(value);
    const KcParticularsProblem *problem = plate[0] != '\0' ? kc_plate_number_check(plate, party->plate_type) : NULL;
    if (problem != NULL)
        bad(check, "plate_number", problem->zh, problem->en);
    else
        set(&party->plate_number, plate);
}

static const char *const KINDS[] = {"motor", "non_motor", "pedestrian", NULL};

/* What only a motor vehicle has; the record has no place for it elsewhere. */
static void
drop_motor_fields(KcParty *party)
{
    char **const fields[] = {&party->plate_number, &party->plate_type, &party->licence_number, &party->insurer,
                             &party->insurance_certificate};
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        g_clear_pointer(fields[i], g_free);
}

static void
refuse_motor_fields(const Check *check, const KcParticulars *particulars)
{
    const struct {
        const char *field, *value;
    } fields[] = {
        {"plate_number", particulars->plate_number},
        {"plate_type", particulars->plate_type},
        {"licence_number", particulars->licence_number},
        {"insurer", particulars->insurer},
        {"insurance_certificate", particulars->insurance_certificate},
    };
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].value != NULL && fields[i].value[0] != '\0')
            bad(check, fields[i].field, "非机动车和行人不填写号牌、驾驶证和保险",
                "without a motor vehicle there is no plate, licence or insurance");
}

/* "motor", … of what somebody goes by, by the class of its code; NULL where it has none of them. */
static const char *
kind_of_vehicle(const Check *check, const char *vehicle_type)
{
    const KcCode *code = vehicle_type != NULL
                             ? kc_rules_code(check->rules, KC_CODES_VEHICLE_TYPE, vehicle_type, NULL)
                             : NULL;
    return code != NULL && code->class_name != NULL && g_strv_contains(KINDS, code->class_name) ? code->class_name
                                                                                                : NULL;
}

static void
set_kind(const Check *check, KcParty *party, const KcParticulars *particulars)
{
    const char *said = particulars->kind, *by_vehicle = kind_of_vehicle(check, particulars->vehicle_type);
    if (said != NULL && said[0] != '\0' && !g_strv_contains(KINDS, said))
        bad(check, "kind", "机动车、非机动车或行人", "motor, non_motor or pedestrian");
    else if (said != NULL && said[0] != '\0' && by_vehicle != NULL && strcmp(said, by_vehicle) != 0)
        bad(check, "vehicle_type", "交通方式与当事人类型不一致", "this is no vehicle of such a party");
    else
        set(&party->kind, said != NULL ? said : by_vehicle);
    if (party->kind == NULL || strcmp(party->kind, "motor") == 0)
        return;
    refuse_motor_fields(check, particulars);
    drop_motor_fields(party);
    /* A vehicle that was chosen before, and that such a party doesn't have. */
    const char *kept = kind_of_vehicle(check, party->vehicle_type);
    if (kept != NULL && strcmp(kept, party->kind) != 0)
        g_clear_pointer(&party->vehicle_type, g_free);
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
kc_app_apply_particulars(const KcRules *rules, const KcParticulars *particulars, const char *prefix, KcParty *party,
                         KcResult *result)
{
    Check check = {rules, prefix, result};
    set_kind(&check, party, particulars);
    set_code(&check, "plate_type", KC_CODES_PLATE_TYPE, &party->plate_type, particulars->plate_type);
    set_code(&check, "vehicle_type", KC_CODES_VEHICLE_TYPE, &party->vehicle_type, particulars->vehicle_type);
    set_plate(&check, party, particulars->plate_number);
    set_checked(&check, "phone", &party->phone, particulars->phone, kc_phone_normalize, kc_phone_check);
    set_checked(&check, "name", &party->name, particulars->name, trimmed, kc_person_name_check);
    set_checked(&check, "id_number", &party->id_number, particulars->id_number, kc_id_number_normalize,
                kc_id_number_check);
    set_checked(&check, "licence_number", &party->licence_number, particulars->licence_number,
                kc_licence_number_normalize, kc_licence_number_check);
    set_insurer(&check, party, particulars->insurer);
    set_checked(&check, "insurance_certificate", &party->insurance_certificate, particulars->insurance_certificate,
                kc_certificate_normalize, kc_certificate_check);
    return result->kind == KC_RESULT_OK;
}
