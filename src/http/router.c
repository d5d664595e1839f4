#include "src/http/router.h"

#include <string.h>

#include "src/base/id.h"

/* One segment of a path, without its slash. */
static gsize
segment_length(const char *path)
{
    return strcspn(path, "/");
}

static gboolean
take_param(const char *segment, gsize length, KcRouteMatch *match, guint *params)
{
    if (length != KC_ID_LEN || *params >= KC_ROUTE_MAX_PARAMS)
        return FALSE;
    memcpy(match->params[*params], segment, length);
    match->params[*params][length] = '\0';
    return kc_id_is_valid(match->params[(*params)++]);
}

static gboolean
path_matches(const char *pattern, const char *path, KcRouteMatch *match)
{
    guint params = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        if (strcmp(pattern, "{*}") == 0)
            return !g_str_has_prefix(path, "api/");
        gsize wanted = segment_length(pattern), given = segment_length(path);
        if (*pattern == '{') {
            if (!take_param(path, given, match, &params))
                return FALSE;
        } else if (wanted != given || memcmp(pattern, path, given) != 0) {
            return FALSE;
        }
        pattern += wanted;
        path += given;
    }
    return *pattern == '\0' && *path == '\0';
}

KcRouteMatch
kc_router_match(const KcRoute *routes, gsize count, const char *method, const char *path)
{
    KcRouteMatch found = {.route = NULL};
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (gsize i = 0; i < count; i++) {
        KcRouteMatch match = {.route = &routes[i]};
        if (!path_matches(routes[i].pattern, path, &match))
            continue;
        if (strcmp(routes[i].method, wanted) == 0)
            return match;
        if (found.allow[0] != '\0')
            g_strlcat(found.allow, ", ", sizeof found.allow);
        g_strlcat(found.allow, routes[i].method, sizeof found.allow);
    }
    return found;
}
