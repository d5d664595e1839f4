/* One UDP socket, one thread, one epoll loop: everything that a worker's calls do on the network.
 *
 * Datagrams are received in batches (recvmmsg) into pool packets; what is sent is written by the caller straight into
 * output slots and leaves in batches (sendmmsg) when a receive batch, a timer or a posted function is through. Replies
 * leave from the address that they came to.
 *
 * Times are monotonic microseconds, read once a batch. Unless said otherwise, functions are for the loop's thread, or
 * for any one thread while the loop is not running. */
#pragma once

#include "media/transport/packet.h"
#include "media/transport/timers.h"
#include "media/transport/udp_addr.h"

#define KC_UDP_SLOT_BYTES 1500

#define KC_UDP_ERROR (kc_udp_error_quark())
GQuark kc_udp_error_quark(void);
typedef enum {
    KC_UDP_ERROR_ADDRESS, /* not an IP address, or not one of this machine */
    KC_UDP_ERROR_PORTS,   /* no free port in the range */
    KC_UDP_ERROR_SYSTEM,
} KcUdpError;

typedef struct KcUdpLoop KcUdpLoop;

/* `packet` is lent: take a reference to keep it. Nothing may be freed that the loop is calling through. */
typedef void (*KcUdpReceiveFunc)(KcPacket *packet, const KcUdpPath *path, gint64 now_us, gpointer user);
typedef gpointer (*KcUdpCallFunc)(gpointer data);

typedef struct {
    const char *const *addresses; /* NULL-terminated IP literals that are offered to peers; at least one */
    guint16 port_min, port_max;   /* inclusive; 0, 0: any */
    guint packet_limit;           /* 0: the pool's default */
    int buffer_bytes;             /* SO_RCVBUF and SO_SNDBUF; 0: 4 MiB */
} KcUdpLoopConfig;

typedef struct {
    guint64 packets_in, bytes_in, packets_out, bytes_out;
    guint64 truncated;      /* datagrams longer than a packet: dropped */
    guint64 pool_exhausted; /* dropped because every packet was out */
    guint64 send_dropped;   /* the kernel took no more, or refused the address */
    guint64 late_loops;     /* a timer ran 20 ms or more after it was due */
    guint64 batches;
    guint packets_held; /* pool packets out now */
} KcUdpLoopStats;

/* Binds. With one address the socket is bound to exactly that; with more to the wildcard, IPv6 with IPv4 mapped where
 * the system has IPv6. */
KcUdpLoop *kc_udp_loop_new(const KcUdpLoopConfig *config, GError **error);

/* Stops it first if it runs. Takes NULL. Packets that consumers still hold stay valid. */
void kc_udp_loop_free(KcUdpLoop *loop);

guint16 kc_udp_loop_port(const KcUdpLoop *loop);

/* The address that the socket is bound to; returns its length. */
socklen_t kc_udp_loop_name(const KcUdpLoop *loop, struct sockaddr_storage *ret_name);

/* Before kc_udp_loop_start. */
void kc_udp_loop_set_receiver(KcUdpLoop *loop, KcUdpReceiveFunc func, gpointer user);

/* One more descriptor to wait for, -1 to end that: `ready` is called when it is readable, `flush` at the end of each turn
 * and of each function that is called while the loop does not run. Before kc_udp_loop_start or after kc_udp_loop_stop. */
typedef void (*KcUdpOtherFunc)(gpointer user);
void kc_udp_loop_set_other(KcUdpLoop *loop, int fd, KcUdpOtherFunc ready, KcUdpOtherFunc flush, gpointer user);

/* Hands a packet of the loop's pool to the receiver, as if it had come by UDP. */
void kc_udp_loop_deliver(KcUdpLoop *loop, KcPacket *packet, const KcUdpPath *path);

/* Starts the thread, named `name`. Stop waits for it; functions posted before are run first. Any thread but the loop's.
 */
void kc_udp_loop_start(KcUdpLoop *loop, const char *name);
void kc_udp_loop_stop(KcUdpLoop *loop);

/* Runs `func` on the loop's thread and waits for what it returns; in place when called on that thread or when the loop
 * does not run. Any thread. */
gpointer kc_udp_loop_call(KcUdpLoop *loop, KcUdpCallFunc func, gpointer data);

/* The same without waiting: in order, before the next batch. Any thread; false when the loop does not run (`func` is
 * then not called). */
gboolean kc_udp_loop_post(KcUdpLoop *loop, KcUdpCallFunc func, gpointer data);

gboolean kc_udp_loop_is_current(const KcUdpLoop *loop);

/* Time of the current batch. */
gint64 kc_udp_loop_now_us(const KcUdpLoop *loop);
KcTimers *kc_udp_loop_timers(KcUdpLoop *loop);
KcPacketPool *kc_udp_loop_pool(KcUdpLoop *loop);

/* An output slot of KC_UDP_SLOT_BYTES, never NULL; nothing is sent until kc_udp_loop_slot_send. A slot that is not sent
 * is simply given again; one asked for before a flush is lost by it. */
guint8 *kc_udp_loop_slot(KcUdpLoop *loop);
void kc_udp_loop_slot_send(KcUdpLoop *loop, gsize len, const KcUdpPath *path);

/* Hands everything pending to the kernel now. The loop does this by itself. */
void kc_udp_loop_flush(KcUdpLoop *loop);

/* Any thread. */
void kc_udp_loop_stats(KcUdpLoop *loop, KcUdpLoopStats *ret_stats);

/* One turn on the calling thread, waiting at most `timeout_ms` (-1: for ever): for tests, while the loop is not started. */
void kc_udp_loop_turn(KcUdpLoop *loop, int timeout_ms);
