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
    guint workers;
    GStrv arguments, environment; /* more of them */
    char *disk; /* its folder is a file system of its own, of so much ("64m"); NULL: it is not */
} Service;

/* Started and ready. The program is $KC_DAEMON; `workers` of them, the program of which is $KC_MEDIA_WORKER. */
Service *service_new(guint workers);
/* The same with more arguments and more of an environment ("NAME=VALUE"); NULL: none. */
Service *service_new_with(guint workers, const char *const *arguments, const char *const *environment);
/* On a small file system of its own, in a mount namespace of its own; NULL where the kernel allows none. */
Service *service_new_on_disk(guint workers, const char *size, const char *const *arguments);
/* kill -9, and what was killed starts again on its folder. */
void service_kill(Service *service);
void service_start(Service *service);
/* What another daemon on the same folder says; it must end by itself, and not well. Owned. */
char *service_refused(const Service *service);
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
