/* The table is read row by row: a field, then what each role sees of it. A role left out sees nothing. */
#include "src/domain/fields.h"

#include "src/base/names.h"

#define OWN KC_GRANT_OWN
#define ALL KC_GRANT_ALL
/* Who reads cases as a whole. */
#define READERS                                                                                                        \
    [KC_ROLE_INTAKE_OPERATOR] = ALL, [KC_ROLE_OFFICER] = ALL, [KC_ROLE_SUPERVISOR] = ALL, [KC_ROLE_AUDITOR] = ALL,     \
    [KC_ROLE_GUEST_SUPERVISOR] = ALL

static const guint8 GRANTS[KC_FIELD_COUNT][KC_ROLE_COUNT] = {
    [KC_FIELD_NAME] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_PHONE] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_ID_NUMBER] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_LICENCE_NUMBER] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_INSURER] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_INSURANCE_CERTIFICATE] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_KIND] = {READERS, [KC_ROLE_PARTY] = ALL, [KC_ROLE_INTEGRATION] = ALL},
    [KC_FIELD_PLATE_NUMBER] = {READERS, [KC_ROLE_PARTY] = ALL, [KC_ROLE_INTEGRATION] = ALL},
    [KC_FIELD_PLATE_TYPE] = {READERS, [KC_ROLE_PARTY] = ALL, [KC_ROLE_INTEGRATION] = ALL},
    [KC_FIELD_VEHICLE_TYPE] = {READERS, [KC_ROLE_PARTY] = ALL, [KC_ROLE_INTEGRATION] = ALL},
    [KC_FIELD_PRESENCE] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_STATEMENT] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_SIGNATURE] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_PAPERS] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_CONSENTS] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_SERVICE] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_REVIEW_REQUEST] = {READERS, [KC_ROLE_PARTY] = OWN},
    /* Told in private: to whoever has the case, and who oversees it. */
    [KC_FIELD_PAUSE] = {[KC_ROLE_INTAKE_OPERATOR] = OWN,
                        [KC_ROLE_OFFICER] = OWN,
                        [KC_ROLE_SUPERVISOR] = ALL,
                        [KC_ROLE_AUDITOR] = ALL,
                        [KC_ROLE_GUEST_SUPERVISOR] = ALL,
                        [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_DEADLINES] = {READERS, [KC_ROLE_PARTY] = OWN},
    [KC_FIELD_POSITION] = {READERS, [KC_ROLE_PARTY] = ALL, [KC_ROLE_INTEGRATION] = ALL},
    [KC_FIELD_REPORTER_PHONE] = {READERS},
    [KC_FIELD_ON_SCENE_REASON] = {READERS},
    [KC_FIELD_DRAFT] = {READERS},
    [KC_FIELD_POLICE_DEADLINES] = {READERS},
};

static const char *const NAMES[KC_FIELD_COUNT] = {
    [KC_FIELD_NAME] = "name",
    [KC_FIELD_PHONE] = "phone",
    [KC_FIELD_ID_NUMBER] = "id_number",
    [KC_FIELD_LICENCE_NUMBER] = "licence_number",
    [KC_FIELD_INSURER] = "insurer",
    [KC_FIELD_INSURANCE_CERTIFICATE] = "insurance_certificate",
    [KC_FIELD_KIND] = "kind",
    [KC_FIELD_PLATE_NUMBER] = "plate_number",
    [KC_FIELD_PLATE_TYPE] = "plate_type",
    [KC_FIELD_VEHICLE_TYPE] = "vehicle_type",
    [KC_FIELD_PRESENCE] = "presence",
    [KC_FIELD_STATEMENT] = "statement",
    [KC_FIELD_SIGNATURE] = "signature",
    [KC_FIELD_PAPERS] = "papers",
    [KC_FIELD_CONSENTS] = "consents",
    [KC_FIELD_SERVICE] = "service",
    [KC_FIELD_REVIEW_REQUEST] = "review_request",
    [KC_FIELD_PAUSE] = "pause",
    [KC_FIELD_DEADLINES] = "deadlines",
    [KC_FIELD_POSITION] = "position",
    [KC_FIELD_REPORTER_PHONE] = "reporter_phone",
    [KC_FIELD_ON_SCENE_REASON] = "on_scene_reason",
    [KC_FIELD_DRAFT] = "draft",
    [KC_FIELD_POLICE_DEADLINES] = "police_deadlines",
};

KcGrant
kc_field_grant(KcRole role, KcField field)
{
    g_assert(role < KC_ROLE_COUNT && field < KC_FIELD_COUNT);
    return GRANTS[field][role];
}

gboolean
kc_field_is_visible(KcRole role, KcField field, gboolean own)
{
    KcGrant grant = kc_field_grant(role, field);
    return grant == KC_GRANT_ALL || (grant == KC_GRANT_OWN && own);
}

const char *
kc_field_to_string(KcField field)
{
    g_assert(field < KC_FIELD_COUNT);
    return NAMES[field];
}

gboolean
kc_field_from_string(const char *text, KcField *ret_field)
{
    gint place = kc_names_find(NAMES, KC_FIELD_COUNT, text);
    if (place >= 0)
        *ret_field = (KcField)place;
    return place >= 0;
}
