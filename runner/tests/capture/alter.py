"""alter.py CELLS CORPUS: what other kernels would have made of the captured cells, and seeds of them all.

See cells/README.md for what is altered, and why.
"""
import json
import pathlib
import sys

cells, corpus = map(pathlib.Path, sys.argv[1:3])
RESERVE_PAGES = 48208 - 7  # what a mode 2 specification reserves more, for 24 GiB and two CPUs


def load(name):
    return json.loads((cells / f"{name}.json").read_text())


def save(name, cell):
    (cells / f"{name}.json").write_text(json.dumps(cell, indent=1) + "\n")


def on_kernel(name, kernel):
    cell = load(name)
    cell["host"]["kernel"] = kernel
    cell["observation"]["commit_keeps_pages"] = kernel >= "6.5" and not kernel.startswith("5.")
    return cell, cell["observation"], list(zip(cell["specification"]["pushes"], cell["observation"]["pushes"]))


def mode_2(synchronised):
    cell, seen, pushes = on_kernel("oversized-mmap-6.18", "6.1.0-56-amd64")
    middle = 3017207
    seen["synchronised"] = synchronised
    seen["cpu"] = 1
    seen["accepted"] = middle if synchronised else middle - 40
    seen["refusal"]["pages"] = seen["accepted"] + 1
    for machine in (seen["before"]["machine"], seen["standing"]["machine"], seen["after"]):
        machine["overcommit_memory"] = 2
        machine["committed_as_kib"] = 66156 + RESERVE_PAGES * 4
    for moment in ("before", "standing"):
        process = seen[moment]["process"]
        process["vm_size_kib"] = 1108 + RESERVE_PAGES * 4
        process["vm_data_kib"] = 200 + RESERVE_PAGES * 4
        process["areas"]["accounted_pages"] = 87 + RESERVE_PAGES
        process["areas"]["largest_accounted_pages"] = 8 + RESERVE_PAGES
    own_pages = seen["before"]["process"]["areas"]["accounted_pages"] + 1  # and the record page
    seen["after"]["committed_as_kib"] = seen["before"]["machine"]["committed_as_kib"] - own_pages * 4
    cell["specification"]["reserve_commit_pages"] = 48208
    cell["specification"]["synchronise_pages"] = 2 * 12052
    for push, result in pushes:
        if push["kind"] == "commit":
            push["amount"] = 48208
            result["more"] = 49714 if synchronised else 49800
        if push["kind"] == "exempt":
            result["more"] = 0
    return cell


def make_cells():
    save("many-mmaps-5.10", on_kernel("many-mmaps-6.18", "5.10.0-32-amd64")[0])
    save("many-mmaps-7.2", on_kernel("many-mmaps-6.18", "7.2.13+deb14-amd64")[0])
    cell, seen, pushes = on_kernel("ulimit-v-6.18", "5.10.0-32-amd64")
    for push, result in pushes:
        if push["kind"] == "commit":
            result["more"] = 7
    save("ulimit-v-5.10", cell)
    cell, seen, pushes = on_kernel("mprotect-splits-6.18", "6.1.0-56-amd64")
    seen["before"]["process"]["map_count"] -= 1
    seen["accepted"] = (65530 - seen["before"]["process"]["map_count"]) // 2
    save("mprotect-splits-6.1", cell)
    cell, seen, pushes = on_kernel("fixed-map-hole-6.18", "6.1.0-56-amd64")
    process = seen["standing"]["process"]
    process["map_count"] -= 1
    process["vm_size_kib"] -= seen["refusal"]["pages"] * 4
    seen["left"] = "hole"
    save("fixed-map-hole-6.1", cell)
    cell, seen, pushes = on_kernel("madvise-at-limit-6.18", "5.10.0-32-amd64")
    seen["refusal"]["errno"] = seen["refusal"]["api_errno"] = "ENOMEM"
    save("madvise-at-limit-5.10", cell)
    save("oversized-mmap-mode-2", mode_2(False))
    save("oversized-mmap-mode-2-exact", mode_2(True))


def first_byte(scenario, kernel):
    """As fuzz_observation.c reads it: printable, and one kind and one kernel."""
    kind = ["many-mmaps", "mprotect-splits", "oversized-mmap", "big-fork", "ulimit-v", "mremap-at-limit",
            "madvise-at-limit", "fixed-map-hole"].index(scenario)
    version = next((i for i, k in enumerate(["5.10", "6.1.", "6.18", "7.2"]) if kernel.startswith(k)), 4)
    return next(chr(byte) for byte in range(33, 127) if byte % 8 == kind and byte // 8 % 5 == version)


def make_seeds():
    for kind in ("observation", "specification"):
        (corpus / kind).mkdir(parents=True, exist_ok=True)
    for path in sorted(cells.glob("*-*.json")):
        cell = json.loads(path.read_text())
        text = {kind: json.dumps(cell[kind], separators=(",", ":")) for kind in ("observation", "specification")}
        (corpus / "observation" / path.stem).write_text(first_byte(cell["scenario"], cell["host"]["kernel"]) +
                                                        text["observation"])
        (corpus / "specification" / path.stem).write_text(text["specification"])
    (corpus / "catalogue" / "build").write_text((cells / "catalogue.json").read_text())


make_cells()
make_seeds()
