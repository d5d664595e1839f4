/* Two scripted people in a call of the real service: an officer and the driver of a case of its own. */
#pragma once

#include "tests/service/service.h"
#include "tests/media/recorder/rtp_source.h"
#include "tests/media/transport/peer.h"

/* What everybody says and shows, over and over: sound and picture of so long. */
#define CLIP_US (2 * G_USEC_PER_SEC)
GArray *clip_new(void); /* of Packet */

typedef struct {
    Peer *peer;
    char *token;
    char *leg; /* path; NULL: not in the call */
    guint16 seq[2], transport_seq; /* by KcRecorderMedia */
    guint next;     /* packet of the clip */
    guint rounds;   /* of the clip */
    gint64 began_us, checked_us;
    guint received; /* packets, since it joined */
    gint64 received_us, longest_us; /* the last one; and how long nothing came at most */
} Side;

typedef struct {
    const Service *service;
    const GArray *clip;
    char *case_id, *party_id;
    Side sides[2]; /* driver, officer */
} Talk;

/* Owned token of the demo administrator, and of a new officer. */
char *admin_sign_in(const Service *service);
char *officer_new(const Service *service, const char *admin, guint number);

/* A case, opened, queued, claimed; nobody is in the call yet. Tokens of staff. */
Talk *talk_new(const Service *service, const GArray *clip, const char *admin, const char *officer);
/* Whoever is still in the call just falls silent. */
void talk_free(Talk *talk);

/* Both join and connect; as often as one likes. */
void talk_join(Talk *talk);
/* Both hang up. */
void talk_leave(Talk *talk);
/* The officer freezes a picture of the driver. */
void talk_still(const Talk *talk);

/* Everybody sends what is due, reads, and stays in, for so long. */
void talks_go_on(GPtrArray *talks, gint64 for_us);
