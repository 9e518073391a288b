import csv
def test_gen(app, put_back):
    from tests.site.world import ROLES
    from tests.site.visits import visit
    world = put_back()
    wanted = [l.split() for l in open("/tmp/rows.txt")]
    out = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule)):
        for method in ("GET", "POST"):
            if method not in rule.methods: continue
            objs = [w[2] for w in wanted if w[0]==method and w[1]==rule.endpoint] if rule.arguments else [""]
            assert objs, (method, rule)
            for obj in objs:
                cells = []
                for who in ("anon",)+ROLES:
                    got = []
                    for fragment in (False, True):
                        w = put_back()
                        v = visit(app, w, who)
                        r = v.send(method, w.url(app, rule, obj), fragment=fragment)
                        got.append(r.status_code)
                    cells.append(str(got[0]) if got[0]==got[1] else f"{got[0]}/{got[1]}")
                out.append([method, rule.rule, rule.endpoint, obj, *cells])
    with open("/tmp/access.csv","w", newline="") as f:
        wr = csv.writer(f, lineterminator="\n"); wr.writerow("method rule endpoint object anon staff other clerk chief".split()); wr.writerows(out)
