/* SPDX-License-Identifier: MIT
 * Room on the store's disk. */
#include "engine/room.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"

#define GOOD_MS 100 /* as long as it is known that there is room: messages come by the thousand */
#define MARGIN 10 /* one part in so many more is to be free before reading goes on */

int room_check(struct engine *e, const struct conf_keep *keep, struct koppel_error *err)
{
    if (clock_monotonic_ms() < atomic_load(&e->room_until_ms))
        return 0;
    int64_t room = e->store->ops->room(e->store);
    bool before = atomic_load(&e->room_low);
    /* it does not stop and go on with every record */
    bool low = room >= 0 && room < keep->free_bytes + (before ? keep->free_bytes / MARGIN : 0);
    before = atomic_exchange(&e->room_low, low);
    if (low && !before)
        log_error(LOG_ABOUT(.event = "disk", .reason = ROOM_LOW),
                  "the disk of the store has %" PRId64 " MiB left, less than the %" PRId64
                  " of keep.free_mb: nothing is read until there is more; what was read is still "
                  "delivered", room >> 20, keep->free_bytes >> 20);
    else if (!low && before)
        log_info(LOG_ABOUT(.event = "disk"), "the disk of the store has room again: reading goes "
                 "on");
    if (!low) {
        atomic_store(&e->room_until_ms, clock_monotonic_ms() + GOOD_MS);
        return 0;
    }
    return err_reason(err, KOPPEL_E_RETRY, ROOM_LOW,
                      "nothing is read, as the disk of the store has %" PRId64 " MiB left and "
                      "keep.free_mb is %" PRId64 "; make room there, or run: koppel keep --now",
                      room >> 20, keep->free_bytes >> 20);
}
