"""The script that runs before every page: page settings, language, who is here, who is looked at, navigation.

It lies in ``pages/`` so that Streamlit's own scan for a ``pages/`` folder beside the main script finds nothing:
only what is listed here opens.
"""

from time import perf_counter

import streamlit as st

from pages.parts import data, markup, messages, people, running, selection
from pipelines.errors import ROOT, MeridianError

began = perf_counter()
running.named()
say = selection.tongue()
st.logo(str(ROOT / "static" / "logo.svg"), size="medium")
st.set_page_config(page_title="Meridian", page_icon=str(ROOT / "static" / "icon.png"), layout="wide", initial_sidebar_state="collapsed")
markup.dress()
markup.declare(say.code)

pages = {
    "": [st.Page("leadership/overview.py", title=say("Overview"), url_path="overview", default=True)],
    say("Goals and indicators"): [
        st.Page("leadership/indicator.py", title=say("Indicator"), url_path="indicator"),
        st.Page("leadership/policy.py", title=say("Policy"), url_path="policy"),
        st.Page("leadership/alerts.py", title=say("Alerts"), url_path="alerts"),
    ],
    say("Explore"): [
        st.Page("explore/mobility.py", title=say("Mobility"), url_path="mobility"),
        st.Page("explore/countries.py", title=say("Countries"), url_path="countries"),
        st.Page("explore/country.py", title=say("Country"), url_path="country"),
        st.Page("explore/agreements.py", title=say("Agreements"), url_path="agreements"),
        st.Page("explore/partner.py", title=say("Partner"), url_path="partner"),
        st.Page("explore/benchmark.py", title=say("Benchmark"), url_path="benchmark"),
    ],
    say("Reports"): [
        st.Page("accreditation/report.py", title=say("Report"), url_path="report"),
        st.Page("accreditation/evidence.py", title=say("Evidence"), url_path="evidence"),
        st.Page("accreditation/handbook.py", title=say("Handbook"), url_path="handbook"),
        st.Page("staff/data.py", title=say("Data"), url_path="data"),
    ],
}
allowed = {
    "upload": st.Page("staff/upload.py", title=say("Hand in data"), url_path="upload"),
    "approve": st.Page("staff/review.py", title=say("To approve"), url_path="approve"),
    "goals": st.Page("staff/goals.py", title=say("Goals"), url_path="goals"),
    "history": st.Page("staff/history.py", title=say("History"), url_path="history"),
    "people": st.Page("admin/people.py", title=say("People"), url_path="people"),
    "health": st.Page("admin/health.py", title=say("System health"), url_path="health"),
    "seal": st.Page("admin/settings.py", title=say("Settings"), url_path="settings"),
}
if people.may("national"):
    pages[say("Explore")].append(st.Page("leadership/national.py", title=say("National view"), url_path="national"))
pages[say("Office")] = [page for action, page in allowed.items() if people.may(action)]
page = st.navigation({section: listed for section, listed in pages.items() if listed}, position="top")

if people.here() is None:
    people.show_who(say)
    st.stop()
try:
    messages.stand_in(say, data.pin())
except MeridianError as error:
    messages.unavailable(say, error)
    st.stop()

with running.timed(page.url_path or "overview", began):
    selection.frame(say)
    people.show_who(say)
    page.run()
