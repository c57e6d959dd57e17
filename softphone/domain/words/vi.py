"""Vietnamese."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="đường dây trợ giúp",
    digits=("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    greeting="Xin chào. Đây là {name}. Cảm ơn quý vị đã gọi.",
    menu_choice="Để chọn tiếng Việt, xin bấm phím {digit}.",
    menu_again="Không có lựa chọn đó. Xin quý vị nghe lại.",
    please_hold="Xin quý vị giữ máy. Chúng tôi đang tìm người nói chuyện với quý vị.",
    still_trying="Cảm ơn quý vị đã chờ. Chúng tôi vẫn đang tìm người nói chuyện với quý vị.",
    nobody_leave_message=(
        "Hiện chưa có ai trả lời được cuộc gọi. "
        "Quý vị có thể để lại lời nhắn sau tiếng bíp. "
        "Khi nói xong, quý vị chỉ cần gác máy."
    ),
    closed_leave_message=(
        "Hiện chúng tôi không làm việc. "
        "Quý vị có thể để lại lời nhắn sau tiếng bíp. "
        "Khi nói xong, quý vị chỉ cần gác máy."
    ),
    nobody_alternatives=(
        "Hiện chưa có ai trả lời được cuộc gọi. "
        "Xin quý vị gọi lại sau ít lâu. "
        "Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp."
    ),
    closed_alternatives=(
        "Hiện chúng tôi không làm việc. "
        "Xin quý vị gọi lại vào lúc khác. "
        "Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp."
    ),
    message_thanks="Cảm ơn quý vị. Chúng tôi đã nhận được lời nhắn. Xin chào quý vị.",
    message_empty="Chúng tôi không nghe thấy lời nhắn. Quý vị có thể gọi lại bất cứ lúc nào. Xin chào quý vị.",
    blocked="Hiện chúng tôi không thể nhận cuộc gọi này. Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp.",
    too_many_calls=(
        "Máy điện thoại này đã gọi nhiều lần trong thời gian ngắn. "
        "Xin quý vị chờ vài phút rồi gọi lại. "
        "Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp."
    ),
    prove_human="Hiện có nhiều cuộc gọi đến. Để tiếp tục, xin bấm bốn chữ số sau: {digits}.",
    prove_again="Các chữ số chưa khớp. Xin quý vị thử lại.",
    confirm_private_phone="Có một cuộc gọi đang chờ quý vị. Để trả lời, xin bấm phím một.",
    fault=(
        "Phía chúng tôi đang có trục trặc. "
        "Xin quý vị gọi lại sau vài phút. "
        "Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp."
    ),
    no_hotline="Hiện số này không được sử dụng. Nếu quý vị cần giúp đỡ ngay, xin gọi dịch vụ khẩn cấp.",
)
