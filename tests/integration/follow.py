# SPDX-License-Identifier: MIT
"""koppel retry --follow: a few at a time by the engine that runs, and what they came to."""
import json
import signal

from koppeltest import Shop, main, until


def status(shop):
    return next(json.loads(line) for line in shop.run("status", "--json", ok=(0, 1)).stdout.splitlines()
                if json.loads(line)["flow"] == "orders")


def test_what_is_retried_is_followed_to_its_end():
    shop = Shop()
    run = shop.start("serve")
    try:
        sold = len(shop.orders())
        until(lambda: status(shop)["read"] == sold and not status(shop)["pending"] and not status(shop)["waiting"])
        parked = status(shop)["parked"]
        assert parked > 1
        # nothing was mended: each is tried, and parks again
        out = shop.run("retry", "--all", "--follow", "--yes").stdout
        assert f"{parked} jobs were tried again: 0 done, 0 skipped, {parked} parked, 0 wait" in out, out
        # one cause is mended, and only that is followed
        with open(shop.conf + "/tables/payment.csv", "a") as table:
            table.write("CRYPTO,2\n")
        shop.run("reload")
        cause = next(one["cause"] for one in map(json.loads, shop.run("causes", "--json", ok=(0, 1)).stdout.splitlines())
                     if (one["facts"] or {}).get("value") == "CRYPTO")
        out = shop.run("retry", "--cause", cause, "--follow", "--yes").stdout
        assert "1 jobs were tried again: 1 done, 0 skipped, 0 parked, 0 wait" in out, out
        assert status(shop)["parked"] == parked - 1
        # a flow that does not run is not waited for
        shop.run("pause", "orders")
        out = shop.run("retry", "--all", "--follow", "--yes").stdout
        assert f"{parked - 1} jobs were tried again: 0 done, 0 skipped, 0 parked, 0 wait" in out, out
    finally:
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=60)


if __name__ == "__main__":
    main([test_what_is_retried_is_followed_to_its_end])
