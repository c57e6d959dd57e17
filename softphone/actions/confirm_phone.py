"""What a volunteer hears on their own phone before they may take the call: nothing that a mailbox could accept."""

from softphone.actions.own_prompts import load_own_prompts
from softphone.actions.world import World
from softphone.domain.hotline import Hotline
from softphone.domain.ids import HotlineId
from softphone.domain.languages import FALLBACK
from softphone.domain.prompts import OwnPrompts, Prompt, say
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import render
from softphone.store.database import Connection
from softphone.store.hotlines import select_hotline


async def confirm_phone(world: World, hotline_id: str) -> bytes:
    """The sentence that asks for the key, in the hotline's own language."""

    async def unit(db: Connection) -> tuple[Hotline | None, OwnPrompts]:
        kept = await load_own_prompts(db, world.settings, hotline_id)
        return await select_hotline(db, HotlineId(hotline_id)), kept.own

    hotline, own = await world.database.read(unit)
    language = hotline.default_language if hotline else FALLBACK
    return render(spoken(say(Prompt.CONFIRM_PRIVATE_PHONE, language, own)))
