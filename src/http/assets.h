/* The web apps, from the GResource that web/ builds, if it was built in.
 *
 * "/" and "/p/…" are the driver's page, "/desk" and "/audit" the staff's. Files below an "assets" folder carry a hash
 * in their name and may be cached for ever; pages are asked for anew by their ETag. A file with a twin
 * NAME.gz is sent compressed to who takes that. Thread-safe. */
#pragma once

#include "src/http/reply.h"

#define KC_ASSETS_PREFIX "/cn/kuaichu/web"

typedef struct KcAssets KcAssets;

KcAssets *kc_assets_new(void);
void kc_assets_free(KcAssets *assets);

/* Always a reply; 404 in plain text says so when the apps are not built in. Headers may be NULL. */
KcHttpReply *kc_assets_reply(KcAssets *assets, const char *path, const char *accept_encoding,
                             const char *if_none_match);
