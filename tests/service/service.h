/* The real service in a process of its own, on a folder of its own, in demo mode, with its workers; and requests to it. */
#pragma once

#include "src/base/json.h"
#include "tests/http/client.h"

#include <sys/types.h>

typedef struct {
    GPid pid;
    guint16 port;
    char *dir;
    FILE *said; /* what it prints */
} Service;

/* Started and ready. The program is $KC_DAEMON; `workers` of them, the program of which is $KC_MEDIA_WORKER. */
Service *service_new(guint workers);
/* Ends it as an administrator does, which must succeed. */
void service_free(Service *service);

/* Fails the test if the status is another. `type` NULL: application/json; `body` NULL: none. */
Reply *service_call(const Service *service, int status, const char *method, const char *path, const char *token,
                    const char *type, const char *body);
/* The same, JSON both ways; owned. */
json_t *service_json(const Service *service, int status, const char *method, const char *path, const char *token,
                     const char *body);
/* The sum of a family of /metrics over all its labels. */
double service_metric(const Service *service, const char *name);
/* Owned, of pid_t. */
GArray *service_workers(const Service *service);
