"""People, what is personal about them, and the posts they hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from guatu.hub.accounts.models.units import Unit, below
from guatu.hub.accounts.roles import ADMINISTRATORS, ROLES, Permission
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_UNITS) -> PersonQuerySet:
        """People who work at, hold or held a post in units over which a post of the actor allows this, and the actor."""
        over = actor.units_with(permission)
        held = Post.objects.filter(person=OuterRef("pk"), unit__ancestry__ancestor_id__in=over)
        works = below(over).filter(descendant_id=OuterRef("unit_id"))
        return self.filter(Exists(works) | Exists(held) | Q(pk=actor.person_id))


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]  # made at run time
    def get_by_natural_key(self, username: str | None) -> Person:
        found: Person = self.get(username=(username or "").lower())
        return found


class Person(AbstractBaseUser):
    """Somebody who may sign in. What they may do comes from their posts alone."""

    username = models.CharField(max_length=64, unique=True)  # what they sign in with, in small letters
    name = models.CharField(max_length=64)
    # Where they work, and whose administrators look after the account; posts may be anywhere.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)  # signed in with a slip, nothing else is open yet
    password_changed_at = models.DateTimeField(null=True)
    first_password_at = models.DateTimeField(null=True)  # when the slip of the first password was made
    language = models.CharField(max_length=8, blank=True)  # as last chosen; until then the browser says
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(username=Lower("username")), name="accounts_person_username_in_small"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def email(self) -> str:
        """Sign-in libraries ask; addresses are personal details."""
        return ""


class PersonalDetails(models.Model):
    """What is personal: shown masked, revealed with a reason, erased on request."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="details")
    phone = models.CharField(max_length=32, blank=True)
    id_number = models.CharField(max_length=18, blank=True)
    email = models.EmailField(blank=True)


def held_on(day: date, post: str = "") -> Q:
    """A post is held on a day; `post` leads to it from another model, as lookups do (`post__`)."""
    return Q(Q(**{f"{post}starts_on__lte": day}), Q(**{f"{post}ends_on": None}) | Q(**{f"{post}ends_on__gt": day}))


class PostQuerySet(models.QuerySet["Post"]):
    def active_on(self, day: date) -> PostQuerySet:
        return self.filter(held_on(day))

    def not_over_on(self, day: date) -> PostQuerySet:
        """Held on a day, or from a later one on."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_UNITS) -> PostQuerySet:
        """Posts at units over which a post of the actor allows this, and the actor's own."""
        over = below(actor.units_with(permission)).filter(descendant_id=OuterRef("unit_id"))
        return self.filter(Exists(over) | Q(person_id=actor.person_id))


class Post(models.Model):
    """A person's role at a unit for a time. A stand-in's post names the post it stands in for."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    title_zh = models.CharField(max_length=100, blank=True)  # 职务, as papers print it
    title_en = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the first day on which it is no longer held
    stands_in_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="stand_ins")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=sorted(ROLES)), name="accounts_post_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="accounts_post_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | ~Q(ends_on=None), name="accounts_post_stand_in_has_an_end"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(role__in=sorted(ADMINISTRATORS), ends_on=None),
                name="accounts_post_one_kind_of_administrator",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.title.zh}"

    @property
    def title(self) -> Text:
        """The title papers print, or the role's."""
        role = ROLES[self.role].title
        return Text(self.title_zh or role.zh, self.title_en or self.title_zh or role.en)
