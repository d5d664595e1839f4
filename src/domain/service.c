#include "src/domain/service.h"

#include "src/base/names.h"

static const char *const WAYS[KC_SERVICE_WAY_COUNT] = {
    [KC_SERVICE_ELECTRONIC] = "electronic",
    [KC_SERVICE_PAPER] = "paper",
    [KC_SERVICE_REFUSED] = "refused",
};

static const char *const STATES[KC_SERVICE_STATE_COUNT] = {
    [KC_SERVICE_SERVED] = "served",
    [KC_SERVICE_TO_CONFIRM] = "to_confirm",
    [KC_SERVICE_ON_PAPER] = "on_paper",
};

gboolean
kc_service_is_of(const char *document_kind)
{
    static const char *const kinds[] = {"determination", "review_conclusion", "correction", NULL};
    return document_kind != NULL && g_strv_contains(kinds, document_kind);
}

KcServiceState
kc_service_state(gboolean is_recorded, gboolean consents)
{
    if (is_recorded)
        return KC_SERVICE_SERVED;
    return consents ? KC_SERVICE_TO_CONFIRM : KC_SERVICE_ON_PAPER;
}

const char *
kc_service_way_to_string(KcServiceWay way)
{
    g_assert(way < KC_SERVICE_WAY_COUNT);
    return WAYS[way];
}

gboolean
kc_service_way_from_string(const char *text, KcServiceWay *ret_way)
{
    gint place = kc_names_find(WAYS, KC_SERVICE_WAY_COUNT, text);
    if (place >= 0)
        *ret_way = (KcServiceWay)place;
    return place >= 0;
}

const char *
kc_service_state_to_string(KcServiceState state)
{
    g_assert(state < KC_SERVICE_STATE_COUNT);
    return STATES[state];
}
