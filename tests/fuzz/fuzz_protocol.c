/* Packets on the socket between the daemon and a worker: whatever is taken as a message is written as text that is
 * taken as the same message. */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "media/protocol/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
some_fd(void)
{
    static int null_fd = -1;

    if (null_fd < 0)
        null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    return fcntl(null_fd, F_DUPFD_CLOEXEC, 3);
}

/* With a descriptor if the message wants one. */
static KcMessage *
decode(const char *text, gsize len)
{
    g_autoptr(GError) error = NULL;
    KcMessage *message = kc_message_decode(text, len, -1, &error);

    g_assert((message == NULL) == (error != NULL));
    if (message == NULL && error->code == KC_PROTOCOL_ERROR_FDS)
        message = kc_message_decode(text, len, some_fd(), NULL);
    return message;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize len = 0, len_again = 0;
    g_autoptr(KcMessage) message = decode((const char *)data, size);

    if (message == NULL)
        return 0;
    g_assert(kc_message_wants_fd(message) == (message->fd >= 0));
    g_autofree char *text = kc_message_encode(message, &len, NULL);
    if (text == NULL) /* escapes make a text longer: it may not fit any more */
        return 0;
    g_autoptr(KcMessage) same = decode(text, len);
    g_assert(same != NULL && same->type == message->type && same->id == message->id && same->re == message->re);
    g_autofree char *again = kc_message_encode(same, &len_again, NULL);
    g_assert(again != NULL && len == len_again && memcmp(text, again, len) == 0);
    return 0;
}
