"""Mandarin, in simplified characters."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="热线",
    digits=("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    between="，",
    greeting="您好，这里是{name}。感谢您的来电。",
    menu_choice="普通话服务，请按{digit}。",
    menu_again="没有这个选项。请再听一遍。",
    please_hold="请不要挂断。我们正在为您联系接听人员。",
    still_trying="感谢您的等候。我们仍在为您联系接听人员。",
    nobody_leave_message="现在没有人能接听您的电话。您可以在提示音后留言。说完以后，直接挂断就可以了。",
    closed_leave_message="现在不是服务时间。您可以在提示音后留言。说完以后，直接挂断就可以了。",
    nobody_alternatives="现在没有人能接听您的电话。请您稍后再打来。如果您现在就需要帮助，请拨打当地的紧急电话。",
    closed_alternatives="现在不是服务时间。请您在其他时间再打来。如果您现在就需要帮助，请拨打当地的紧急电话。",
    message_thanks="谢谢您。我们已经收到您的留言。再见。",
    message_empty="我们没有听到留言。欢迎您再次来电。再见。",
    blocked="我们现在无法接听这个电话。如果您现在就需要帮助，请拨打当地的紧急电话。",
    too_many_calls="这部电话在短时间内打来了多次。请您等几分钟再打来。如果您现在就需要帮助，请拨打当地的紧急电话。",
    prove_human="现在来电较多。如要继续，请按下面四个数字：{digits}。",
    prove_again="数字不一样。请再试一次。",
    confirm_private_phone="有一个来电正在等您。接听请按一。",
    fault="我们这边出了一点问题。请您过几分钟再打来。如果您现在就需要帮助，请拨打当地的紧急电话。",
    no_hotline="这个号码目前没有使用。如果您现在就需要帮助，请拨打当地的紧急电话。",
)
