"""演示路线: the demonstration's script as stations, each of which leads to the very record.

Rooms declare their stations in `Feature.tour`; what this demonstration does not have is left out,
so that no entry is dead. Part of the entrance: a real hall has none of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, abort, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from app.accounts import demo as accounts_demo
from app.accounts.browser_session import remember
from app.accounts.demo import Member
from app.home.entrance import blueprint, enter
from app.kernel.declared import public
from app.kernel.feature import TourStop, features
from app.kernel.permissions import ROLE_LABELS

MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Station:
    """A station that this demonstration has; `member` is None for what needs no account."""

    stop: TourStop
    url: str
    member: Member | None

    @property
    def role(self) -> str:
        """Give as what one is there."""
        if self.member is None:
            return "不用登录"
        return "、".join(ROLE_LABELS[role] for role in self.member.duties)

    @property
    def lasts(self) -> str:
        """Say how long it takes."""
        minutes, seconds = divmod(self.stop.seconds, MINUTE)
        return "".join((f"{minutes}分" if minutes else "", f"{seconds}秒" if seconds else "钟"))


def list_stops() -> list[TourStop]:
    """Give what all rooms declare, in the order of the script."""
    stops = (stop for room in features(current_app) for stop in room.tour)
    return sorted(stops, key=lambda stop: (stop.position, stop.name))


def list_stations(stops: Iterable[TourStop]) -> list[Station]:
    """Give the stations of some stops, without those that have no record here."""
    members = {each.staff_number: each for each in accounts_demo.CAST}
    found = ((stop, stop.find()) for stop in stops)
    return [
        Station(stop=stop, url=url, member=members.get(stop.staff_number))
        for stop, url in found
        if url is not None
    ]


def register(app: Flask) -> None:
    """Register the entrance with its tour."""
    app.register_blueprint(blueprint)


@blueprint.get("/tour")
@public
def show_tour() -> ResponseReturnValue:
    """Show the way through the demonstration."""
    stations = list_stations(list_stops())
    return render_template(
        "home/show_tour.html",
        stations=stations,
        minutes=round(sum(each.stop.seconds for each in stations) / MINUTE),
    )


@blueprint.post("/tour/<string:name>")
@public
def enter_station(name: str) -> ResponseReturnValue:
    """Enter as the person of a station, and go to its record."""
    station = next(iter(list_stations(each for each in list_stops() if each.name == name)), None)
    if station is None:
        abort(404)
    if station.member is not None:
        remember(enter(station.member.enters_as))
    return redirect(station.url, 303)
