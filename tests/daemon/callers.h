/* Scripted participants of a real pool's calls, over its port. */
#pragma once

#include "src/daemon/worker_pool.h"
#include "tests/media/transport/peer.h"

typedef struct {
    KcWorkerPool *pool;
    const KcMediaPort *port;
    GMutex lock;
    GHashTable *lost; /* leg or object id -> reason */
    char *dir;        /* of the objects */
} Callers;

/* `limits` NULL: those of the service. */
Callers *callers_new(guint workers, const KcWorkerLimits *limits);
void callers_free(Callers *callers);

/* Owned reason why this leg or object was lost; NULL: it was not. */
char *callers_lost(Callers *callers, const char *id);
/* The process that has this leg; 0: none. */
GPid callers_worker_of(Callers *callers, const char *leg);

/* Two that talk. */
typedef struct {
    char *id;
    char *legs[2];
    Peer *peers[2];
    guint16 seq;
} Pair;

/* Both joined, recorded into objects of the legs' names, and connected. */
Pair *pair_new(Callers *callers, const char *id);
void pair_free(Pair *pair);
/* Sends from the first until something new comes to the second. */
void pair_flows(Pair *pair);
/* One packet from the first. */
void pair_send(Pair *pair);
