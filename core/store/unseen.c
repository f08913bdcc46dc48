/* SPDX-License-Identifier: MIT
 * Since when nobody can have seen the outcome of a write. */
#include "store/unseen.h"

int64_t unseen_since(int64_t written, const struct unseen_lease *lease, int64_t now)
{
    if (!lease->same || !lease->held)
        return lease->taken > written ? lease->taken : written;
    bool out = !lease->ours && lease->until <= now;
    return out && lease->until > written ? lease->until : written;
}
