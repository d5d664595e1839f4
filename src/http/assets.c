/* Invariant: an Asset is made once, and neither changed nor freed before the whole KcAssets. */
#include "src/http/assets.h"

#include <string.h>

struct KcAssets {
    GMutex lock;
    GHashTable *by_path; /* resource path → Asset, filled as files are asked for */
};

typedef struct {
    GBytes *plain;
    GBytes *gzip; /* the twin NAME.gz; NULL when there is none */
    char *etag;
    const char *content_type;
    gboolean immutable;
} Asset;

static const struct {
    const char *suffix;
    const char *content_type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".wasm", "application/wasm"},
};

static const struct {
    const char *path;
    const char *file;
} pages[] = {
    {"/", "/driver/index.html"},
    {"/p", "/driver/index.html"},
    {"/desk", "/desk/index.html"},
    {"/audit", "/audit/index.html"},
    {"/admin", "/admin/index.html"},
    {"/verify", "/verify/index.html"},
};

static void
asset_free(gpointer data)
{
    Asset *asset = data;
    g_bytes_unref(asset->plain);
    g_clear_pointer(&asset->gzip, g_bytes_unref);
    g_free(asset->etag);
    g_free(asset);
}

KcAssets *
kc_assets_new(void)
{
    KcAssets *assets = g_new0(KcAssets, 1);
    g_mutex_init(&assets->lock);
    assets->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, asset_free);
    return assets;
}

void
kc_assets_free(KcAssets *assets)
{
    if (assets == NULL)
        return;
    g_hash_table_unref(assets->by_path);
    g_mutex_clear(&assets->lock);
    g_free(assets);
}

static Asset *
asset_of(GBytes *plain, GBytes *gzip, const char *file)
{
    Asset *asset = g_new0(Asset, 1);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, plain);
    asset->plain = plain;
    asset->gzip = gzip;
    asset->etag = g_strdup_printf("\"%.16s\"", hash);
    asset->immutable = strstr(file, "/assets/") != NULL;
    asset->content_type = "application/octet-stream";
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (!g_str_has_suffix(file, types[i].suffix))
            continue;
        asset->content_type = types[i].content_type;
        break;
    }
    return asset;
}

static const Asset *
find_asset(KcAssets *assets, const char *file)
{
    g_autofree char *resource = g_strconcat(KC_ASSETS_PREFIX, file, NULL);
    g_mutex_lock(&assets->lock);
    Asset *asset = g_hash_table_lookup(assets->by_path, resource);
    GBytes *plain = NULL;
    if (asset == NULL)
        plain = g_resources_lookup_data(resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (plain != NULL) {
        g_autofree char *twin = g_strconcat(resource, ".gz", NULL);
        asset = asset_of(plain, g_resources_lookup_data(twin, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL), file);
        g_hash_table_insert(assets->by_path, g_steal_pointer(&resource), asset);
    }
    g_mutex_unlock(&assets->lock);
    return asset;
}

/* "/desk/anything" is the desk's page too, as long as no file has that name. */
static const char *
page_of(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        gsize length = strlen(pages[i].path);
        if (strcmp(path, pages[i].path) == 0)
            return pages[i].file;
        if (length > 1 && strncmp(path, pages[i].path, length) == 0 && path[length] == '/')
            return pages[i].file;
    }
    return NULL;
}

static gboolean
takes_gzip(const char *accept_encoding)
{
    return accept_encoding != NULL && strstr(accept_encoding, "gzip") != NULL &&
           strstr(accept_encoding, "gzip;q=0,") == NULL && !g_str_has_suffix(accept_encoding, "gzip;q=0");
}

static KcHttpReply *
reply_of(const Asset *asset, const char *accept_encoding, const char *if_none_match)
{
    gboolean same = if_none_match != NULL && strstr(if_none_match, asset->etag) != NULL;
    gboolean packed = !same && asset->gzip != NULL && takes_gzip(accept_encoding);
    KcHttpReply *reply =
        same ? kc_http_reply_new(MHD_HTTP_NOT_MODIFIED)
             : kc_http_reply_bytes(MHD_HTTP_OK, asset->content_type, g_bytes_ref(packed ? asset->gzip : asset->plain));
    kc_http_reply_header(reply, "ETag", asset->etag);
    kc_http_reply_header(reply, "Cache-Control", asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    kc_http_reply_header(reply, "Vary", "Accept-Encoding");
    if (packed)
        kc_http_reply_header(reply, "Content-Encoding", "gzip");
    return reply;
}

KcHttpReply *
kc_assets_reply(KcAssets *assets, const char *path, const char *accept_encoding, const char *if_none_match)
{
    const char *page = page_of(path);
    const Asset *asset = NULL;
    if (strstr(path, "..") == NULL && strlen(path) < 256)
        asset = find_asset(assets, path);
    if (asset == NULL && page != NULL)
        asset = find_asset(assets, page);
    if (asset != NULL)
        return reply_of(asset, accept_encoding, if_none_match);
    if (page != NULL)
        return kc_http_reply_text(MHD_HTTP_NOT_FOUND, "text/plain; charset=utf-8",
                                  "This page is not built into this service; its API is below /api/v1/.\n");
    return kc_http_reply_text(MHD_HTTP_NOT_FOUND, "text/plain; charset=utf-8", "There is nothing here.\n");
}
