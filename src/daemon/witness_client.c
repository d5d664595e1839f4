#include "src/daemon/witness_client.h"

#include <curl/curl.h>

#define LOOK_EVERY_US G_TIME_SPAN_SECOND
#define CONNECT_TIMEOUT_S 5L
#define TIMEOUT_S 10L
#define MAX_ANSWER (64 * 1024)

/* ---- One POST ---- */

static size_t
on_answer(char *bytes, size_t size, size_t count, void *data)
{
    GString *answer = data;
    if (answer->len + size * count > MAX_ANSWER)
        return 0;
    g_string_append_len(answer, bytes, (gssize)(size * count));
    return size * count;
}

static int
on_progress(void *cancel, curl_off_t a G_GNUC_UNUSED, curl_off_t b G_GNUC_UNUSED, curl_off_t c G_GNUC_UNUSED,
            curl_off_t d G_GNUC_UNUSED)
{
    return g_cancellable_is_cancelled(cancel);
}

/* No redirects: a witness is where the settings say. */
static CURLcode
post(CURL *curl, struct curl_slist *headers, gpointer cancel, const char *url, const char *body, GString *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, cancel);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    return curl_easy_perform(curl);
}

gboolean
kc_witness_post(gpointer data, const char *url, const char *body, guint *ret_status, char **ret_body, GError **error)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
    g_autoptr(GString) answer = g_string_new(NULL);
    long status = 0;
    CURLcode code = curl != NULL ? post(curl, headers, data, url, body, answer) : CURLE_FAILED_INIT;
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it can't be reached: %s", curl_easy_strerror(code));
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    *ret_status = (guint)status;
    *ret_body = code == CURLE_OK ? g_strdup(answer->str) : NULL;
    return code == CURLE_OK;
}

/* ---- The thread ---- */

struct KcWitnessThread {
    KcApp *app;
    GCancellable *cancel;
    GThread *thread;
    GMutex lock;
    GCond ended; /* when `cancel` is set */
};

static gboolean
waits(KcWitnessThread *self)
{
    gint64 until = g_get_monotonic_time() + LOOK_EVERY_US;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&self->lock);
    while (!g_cancellable_is_cancelled(self->cancel))
        if (!g_cond_wait_until(&self->ended, &self->lock, until))
            return TRUE;
    return FALSE;
}

static gpointer
run(gpointer data)
{
    KcWitnessThread *self = data;
    while (waits(self)) {
        g_autoptr(GError) error = NULL;
        if (!kc_app_ask_witnesses(self->app, &error))
            g_warning("asking the witnesses: %s", error->message);
    }
    return NULL;
}

KcWitnessThread *
kc_witness_thread_start(KcApp *app, GCancellable *cancel)
{
    KcWitnessThread *self = g_new0(KcWitnessThread, 1);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    self->app = app;
    self->cancel = g_object_ref(cancel);
    g_mutex_init(&self->lock);
    g_cond_init(&self->ended);
    self->thread = g_thread_new("kc-witnesses", run, self);
    return self;
}

void
kc_witness_thread_stop(KcWitnessThread *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    g_cancellable_cancel(self->cancel);
    g_cond_signal(&self->ended);
    g_mutex_unlock(&self->lock);
    g_thread_join(self->thread);
    g_object_unref(self->cancel);
    g_cond_clear(&self->ended);
    g_mutex_clear(&self->lock);
    g_free(self);
    curl_global_cleanup();
}
