/* A witness on the network: POST /add-checkpoint, GET /. One thread of its own; a request has at most
 * KC_WITNESS_MAX_REQUEST bytes (413) and ten seconds. TLS is for what stands before it. */
#pragma once

#include "src/witness/witness.h"

typedef struct KcWitnessServer KcWitnessServer;

/* `listen`: "127.0.0.1:8090", port 0 takes a free one. `witness` is borrowed. */
KcWitnessServer *kc_witness_server_new(KcWitness *witness, const char *listen, GError **error);
/* "http://127.0.0.1:8090" */
const char *kc_witness_server_url(const KcWitnessServer *server);
void kc_witness_server_free(KcWitnessServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWitnessServer, kc_witness_server_free)
